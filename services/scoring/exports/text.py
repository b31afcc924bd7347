"""Text that is safe in a cell, and words for people in Bahasa Indonesia.

A spreadsheet runs what begins with `=`, `+`, `-` or `@` (and what a tab or a line break hides in front of it). In CSV
such text gets an apostrophe before it; in a workbook its cell is typed as text and marked so, and keeps its content.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from shared.contracts.affairs import AFFAIR_NAMES
from shared.indonesian import day

LONGEST = 32_767  # characters that a cell of a workbook can hold
_DANGEROUS = tuple("=+-@\t\r\n")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BLANKS = " \u00a0\ufeff"

Value = str | int | Decimal | datetime | bool | None
"""What a cell holds."""

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


def clean(text: str) -> str:
    """Without what XML cannot carry, at most as long as a cell is."""
    return _UNPRINTABLE.sub("", text)[:LONGEST]


def runs(text: str) -> bool:
    """Whether a spreadsheet might take it for a formula."""
    return text.lstrip(_BLANKS).startswith(_DANGEROUS)


def disarmed(text: str) -> str:
    """For CSV: with an apostrophe where a spreadsheet might run it."""
    text = clean(text)
    return f"'{text}" if runs(text) else text


def word(slug: str | None) -> str:
    """What a slug of a closed list means; its own letters where nothing better is known."""
    if slug is None:
        return ""
    return _WORDS.get(slug) or AFFAIR_NAMES.get(slug) or slug.replace("_", " ").capitalize()


def local_day(moment: datetime, zone: str) -> str:
    """`3 Desember 2026`, where the region is."""
    return day(moment.astimezone(ZoneInfo(zone)).date())
