"""Reads texts, numbers and days from a form. Pure. Errors are sentences for people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from services.portal.pages.forms import Form
from services.portal.pages.language import _

_LONGEST_NUMBER = 24  # signs
_SEPARATED = 3  # digits between two points of a number


def line_of(form: Form, name: str, most: int) -> str | None:
    """A text on one line, trimmed; None when it is empty. Raises ValueError for one that is too long."""
    return _short(" ".join(form.text(name).split()), most)


def prose_of(form: Form, name: str, most: int) -> str | None:
    """A text with line breaks, trimmed; None when it is empty. Raises ValueError for one that is too long."""
    return _short(form.text(name), most)


def day_of(form: Form, name: str) -> str | None:
    """A day as `2026-12-03`, entered as that or as `3-12-2026`, `3/12/2026`; None when it is empty. Raises
    ValueError."""
    text = form.text(name)
    if not text:
        return None
    parts = text.replace("/", "-").replace(".", "-").split("-")
    if len(parts) == 3 and all(part.strip().isdecimal() for part in parts):  # noqa: PLR2004 - day, month, year
        numbers = [int(part) for part in parts]
        year, month, day = numbers if len(parts[0].strip()) > 2 else reversed(numbers)  # noqa: PLR2004 - a year's digits
        try:
            return date(year, month, day).isoformat()
        except (ValueError, OverflowError):
            pass
    raise ValueError(_("bukan tanggal yang benar, misalnya 3-12-2026"))


def decimal_of(form: Form, name: str, *, thousands: bool = True) -> Decimal | None:
    """A number as people write it: `1.234,5`, `1234,5`, also `1234.5`; None when it is empty. thousands: a point may
    group them; else it is a decimal point, as in coordinates that are copied from a map. Raises ValueError."""
    text = form.text(name).replace(" ", "").removesuffix("%")
    if not text:
        return None
    if "," in text:
        text = text.replace(".", "").replace(",", ".", 1)
    elif thousands and (text.count(".") > 1 or _grouped(text)):
        text = text.replace(".", "")
    try:
        found = Decimal(text) if len(text) <= _LONGEST_NUMBER else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite():
        raise ValueError(_("bukan angka yang benar, misalnya 1.234,5"))
    return found


def _grouped(text: str) -> bool:
    """Whether the only point groups thousands: `1.234`, as Indonesians write, but not `0.123` and `109.342517`."""
    head, point, tail = text.partition(".")
    digits = head.lstrip("-+")
    return bool(point) and len(tail) == _SEPARATED and digits.isdecimal() and digits.strip("0") != ""


def _short(text: str, most: int) -> str | None:
    if len(text) > most:
        raise ValueError(_("terlalu panjang"))
    return text or None
