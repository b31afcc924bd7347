"""Regional indices as a table: the verified figure, and the claimed one where the account may see it."""

from __future__ import annotations

from collections.abc import Sequence

from services.scoring.exports.tables import Table
from services.scoring.index.index import RegionalIndex
from services.scoring.views.indices import FORECAST, RESULT, IndexAnswer
from shared.tables.cells import Value

_KEYS = (
    "region", "year", "figure", "index", "predicate", "to_next_predicate", "innovations", "basic_service", "maturity",
    "divisor", "spd", "mean", "count_points", "sid",
)  # fmt: skip
_HEADS = (
    "Daerah", "Penjaringan", "Angka", "Indeks", "Predikat", "Menuju predikat berikutnya", "Jumlah inovasi",
    "Urusan pelayanan dasar", "Jumlah kematangan", "Pembagi", "SPD", "Rata-rata kematangan", "Poin jumlah inovasi",
    "SID",
)  # fmt: skip


def index_table(answers: Sequence[IndexAnswer]) -> Table:
    """One line for each region, year and figure."""
    rows = [_row(each, "verified", each.verified) for each in answers]
    rows += [_row(each, "claimed", each.claimed) for each in answers if each.claimed is not None]
    rows.sort(key=lambda row: (str(row[0]), str(row[1]), row[2] == "claimed"))
    notes = (f"verified: {RESULT}", f"claimed: {FORECAST}")
    return Table("Indeks", _KEYS, _HEADS, tuple(rows), notes, (10, 12, 10, 10, 22, 14, 10, 12, 12, 10, 10, 12, 12, 10))


def _row(answer: IndexAnswer, figure: str, index: RegionalIndex) -> tuple[Value, ...]:
    return (
        answer.region,
        answer.year,
        figure,
        index.index,
        index.predicate,
        index.to_next,
        index.innovations,
        index.basic_service,
        index.maturity,
        index.divisor,
        index.spd,
        index.mean,
        index.count_points,
        index.sid,
    )
