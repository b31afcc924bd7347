"""Reads what people type: numbers and days in the Indonesian way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from re import compile as pattern

_NUMBER = pattern(r"^-?(\d{1,3}(\.\d{3})+|\d{1,15})(,\d{1,6})?$")
_PLAIN = pattern(r"^-?\d{1,15}\.\d{1,6}$")


def decimal_of(text: str) -> Decimal | None:
    """`1.234,5`, also `5.23` where it can mean nothing else; None for anything else, and for a blank text."""
    text = text.strip().replace("\u2212", "-")
    if _NUMBER.match(text):
        text = text.replace(".", "").replace(",", ".")
    elif not _PLAIN.match(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def count_of(text: str, most: int = 10_000) -> int | None:
    """A whole number from 0 to `most`; None for anything else."""
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > len(str(most)) or int(digits) > most:
        return None
    return int(digits)


def day_of(text: str) -> date | None:
    """`2026-12-03`, as date fields send it; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def year_of(text: str | None, default: int) -> int:
    """A year from 2000 to 2100; anything else: `default`."""
    digits = (text or "").strip()
    if len(digits) != 4 or not digits.isascii() or not digits.isdigit():  # noqa: PLR2004 - a year has four digits
        return default
    return int(digits) if 2000 <= int(digits) <= 2100 else default  # noqa: PLR2004 - as the owners take years
