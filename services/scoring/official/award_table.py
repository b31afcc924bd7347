"""Awards as tables: each one, and how many by kind, giver, year and agency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from services.scoring.exports.tables import Table
from services.scoring.exports.text import word
from services.scoring.official.award import Award
from shared.indonesian import day
from shared.storage.repository import Versioned
from shared.tables.sheets.awards import REGION_ITSELF

_KEYS = ("year", "kind", "title", "giver", "agency", "agency_name", "innovation", "number", "dated", "id")
_HEADS = (
    "Tahun", "Jenis", "Penghargaan", "Pemberi", "ID perangkat daerah", "Perangkat daerah", "ID inovasi", "Nomor",
    "Tanggal", "ID",
)  # fmt: skip


def award_table(awards: Sequence[Versioned[Award]], agencies: Mapping[str, str]) -> tuple[Table, Table]:
    """The list, the newest year first, in columns that an import reads, and the counts. agencies: id → name."""
    listed = [(each.id, each.value) for each in sorted(awards, key=lambda each: (*_order(each.value), each.id))]
    rows = tuple(
        (
            each.year,
            word(each.kind),
            each.title,
            each.giver,
            each.agency or None,
            _name(each, agencies),
            each.innovation or None,
            each.number or None,
            day(each.dated) if each.dated else None,
            id,
        )
        for id, each in listed
    )
    counts = Counter((each.year, word(each.kind), each.giver, _name(each, agencies)) for _, each in listed)
    return (
        Table("Penghargaan", _KEYS, _HEADS, rows, widths=(8, 14, 44, 36, 38, 40, 38, 24, 20, 38)),
        Table(
            "Jumlah",
            ("year", "kind", "giver", "agency_name", "count"),
            ("Tahun", "Jenis", "Pemberi", "Perangkat daerah", "Jumlah"),
            tuple((*each, counts[each]) for each in sorted(counts, key=lambda each: (-each[0], *each[1:]))),
            widths=(8, 14, 36, 40, 10),
        ),
    )


def _order(award: Award) -> tuple[int, str, str, str, str]:
    return -award.year, award.kind, award.giver, award.title, award.agency


def _name(award: Award, agencies: Mapping[str, str]) -> str:
    return agencies.get(award.agency, award.agency) if award.agency else REGION_ITSELF
