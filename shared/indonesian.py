"""Days and numbers in Bahasa Indonesia."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from functools import lru_cache

LOCALE = "id"
_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_SEPARATORS = str.maketrans(",.", ".,")
_LONGEST = 20  # digits before the decimal comma; a longer number is shown with an exponent


def day(date: date) -> str:
    """`3 Desember 2026`."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def weekday(date: date) -> str:
    """`Kamis`."""
    return _WEEKDAYS[date.weekday()]


def hour(time: time) -> str:
    """`14.05`, to the minute; the name of the zone follows it."""
    return f"{time:%H.%M}"


def number(value: Decimal, *, as_printed: bool = False) -> str:
    """`1.234,5`; as_printed keeps trailing zeros (`5,00`)."""
    if value.adjusted() >= _LONGEST:
        return str(value).replace(".", ",")
    return f"{value:,f}".translate(_SEPARATORS) if as_printed else _shortest(value)


@lru_cache(maxsize=4096)  # a scorecard names the same weights and points again and again
def _shortest(value: Decimal) -> str:
    return f"{value.normalize():,f}".translate(_SEPARATORS)
