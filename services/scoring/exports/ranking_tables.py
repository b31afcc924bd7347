"""Rankings as tables: the live one, and a freeze with its counts."""

from __future__ import annotations

from collections.abc import Sequence

from services.scoring.exports.tables import Table
from services.scoring.exports.text import word
from services.scoring.ranking.competition import Cell
from services.scoring.ranking.entry import Measure
from services.scoring.ranking.freeze import WHOLE_CELL, Frozen
from services.scoring.ranking.live import LiveRanking
from services.scoring.ranking.ranking import TIE_RULE, Place
from services.scoring.views.rankings import notices
from shared.exports.text import local_day
from shared.tables.cells import Value

_KEYS = (
    "group", "category", "rank", "shared", "total", "verified", "claimed", "of", "innovation", "name", "agency",
    "agency_name", "agency_kind", "form", "nature", "affair", "first_submitted_at", "movement", "before",
)  # fmt: skip
_HEADS = (
    "Kelompok", "Kategori", "Peringkat", "Bersama", "Nilai", "Kematangan terverifikasi", "Kematangan klaim", "Maksimum",
    "ID inovasi", "Inovasi", "ID perangkat daerah", "Perangkat daerah", "Jenis perangkat daerah", "Bentuk",
    "Jenis inovasi", "Urusan utama", "Diajukan pertama kali", "Pergerakan", "Peringkat sebelumnya",
)  # fmt: skip
_WIDTHS = (22, 22, 10, 9, 10, 12, 12, 10, 38, 30, 38, 40, 18, 24, 14, 28, 20, 12, 12)


def ranking_table(title: str, cells: Sequence[Cell], notes: Sequence[str], zone: str | None) -> Table:
    """The places of all cells. zone: the region's, for people: days are written in words; None: for machines."""
    rows = [_row(cell, place, zone) for cell in cells for place in cell.places]
    return Table(title, _KEYS, _HEADS, tuple(rows), (*notes, TIE_RULE), _WIDTHS)


def live_table(live: LiveRanking, measure: Measure, zone: str | None) -> Table:
    """The live ranking as one table. zone: as in `ranking_table`."""
    label = "Semua inovasi"
    cell = Cell(group=WHOLE_CELL, group_name=label, category=WHOLE_CELL, category_name=label, places=live.places)
    return ranking_table("Peringkat", [cell], notices(live.catalogues, measure=measure), zone)


def freeze_tables(frozen: Frozen, zone: str | None) -> tuple[Table, Table]:
    """A freeze: its places, and how many by group and kind."""
    shown = notices(frozen.catalogues, synthetic=frozen.synthetic)
    head = f"{frozen.title} – pembekuan ke-{frozen.number}"
    counts = tuple(
        (count.group_name, word(kind), many) for count in frozen.counts for kind, many in count.by_kind.items()
    )
    return (
        ranking_table("Peringkat", frozen.cells, (head, *shown, f"Sidik SHA-256: {frozen.digest}"), zone),
        Table(
            "Jumlah", ("group", "kind", "count"), ("Kelompok", "Jenis", "Jumlah"), counts,
            (head, f"Jumlah peserta: {frozen.total}"), (40, 24, 10),
        ),
    )  # fmt: skip


def _row(cell: Cell, place: Place, zone: str | None) -> tuple[Value, ...]:
    entry, moved = place.entry, place.movement

    def text(slug: str | None) -> str | None:
        return word(slug) if zone else slug

    submitted = entry.first_submitted_at
    return (
        cell.group_name if zone else cell.group,
        cell.category_name if zone else cell.category,
        place.rank,
        place.shared,
        place.total,
        entry.verified,
        entry.claimed,
        entry.most,
        entry.innovation,
        entry.name,
        entry.agency,
        entry.agency_name,
        text(entry.agency_kind),
        text(entry.form),
        text(entry.nature),
        text(entry.affair),
        local_day(submitted, zone) if zone else submitted,
        text(moved.direction) if moved else None,
        moved.before if moved else None,
    )
