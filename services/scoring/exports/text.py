"""Text for cells of spreadsheets: made safe, and words for slugs in Bahasa Indonesia.

In a workbook a cell is typed and marked as text, and the content stays the same; in CSV it is disarmed.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.contracts.affairs import AFFAIR_NAMES
from shared.indonesian import day
from shared.tables.cells import Value
from shared.web.spreadsheet import LONGEST, clean, disarmed, runs

__all__ = ["LONGEST", "Value", "clean", "disarmed", "local_day", "runs", "word"]

_WORDS = {
    "rsud": "RSUD",
    "upt": "UPT",
    "bumd": "BUMD",
    "digital": "Digital",
    "non_digital": "Non digital",
    "tata_kelola": "Tata kelola pemerintahan daerah",
    "pelayanan_publik": "Pelayanan publik",
    "bentuk_lainnya": "Bentuk lainnya sesuai urusan",
    "submitted": "Diajukan",
    "returned": "Dikembalikan",
    "verified": "Terverifikasi",
    "withdrawn": "Ditarik",
    "perangkat_daerah": "Perangkat daerah",
    "desa_kelurahan": "Desa/Kelurahan",
    "belum_diketahui": "Belum diketahui",
    "up": "naik",
    "down": "turun",
    "same": "tetap",
    "new": "baru",
}


def word(slug: str | None) -> str:
    """The words for a slug of a closed list; the slug itself, capitalised, when it has none."""
    if slug is None:
        return ""
    return _WORDS.get(slug) or AFFAIR_NAMES.get(slug) or slug.replace("_", " ").capitalize()


def local_day(moment: datetime, zone: str) -> str:
    """The day in the region's time zone: `3 Desember 2026`."""
    return day(moment.astimezone(ZoneInfo(zone)).date())
