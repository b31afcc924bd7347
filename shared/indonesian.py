"""Days and numbers in Bahasa Indonesia."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

LOCALE = "id"
_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_SEPARATORS = str.maketrans(",.", ".,")
_LONGEST = 20  # digits before the decimal comma; a longer number is shown with an exponent


def day(date: date) -> str:
    """`3 Desember 2026`."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def number(value: Decimal, *, as_printed: bool = False) -> str:
    """`1.234,5`; as_printed keeps trailing zeros (`5,00`)."""
    if value.adjusted() >= _LONGEST:
        return str(value).replace(".", ",")
    text = f"{value:,f}" if as_printed else f"{value.normalize():,f}"
    return text.translate(_SEPARATORS)
