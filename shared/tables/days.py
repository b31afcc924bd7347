"""Days as offices write them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from shared.tables.cells import Cell
from shared.tables.xlsx.sheet import serial_day

_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "januari jan january",
            "februari feb pebruari peb february",
            "maret mar mrt march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu ags agt august aug",
            "september sep sept",
            "oktober okt october oct",
            "november nov nopember nop",
            "desember des december dec",
        ),
        start=1,
    )
    for word in words.split()
}
_ISO = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII
)
_SHORT = re.compile(r"(?P<day>[0-9]{1,2})\s*[/.\-]\s*(?P<month>[0-9]{1,2})\s*[/.\-]\s*(?P<year>[0-9]{4})", re.ASCII)
_WORDS = re.compile(
    r"(?:[a-z']+,\s*)?(?P<day>[0-9]{1,2})[\s\-]+(?P<month>[a-z]+)\.?[\s\-]+(?P<year>[0-9]{4})", re.ASCII
)
_WRONG = "harus tanggal, misalnya 31/12/2026 atau 31 Desember 2026"


def day_of(cell: Cell) -> date:
    """The day in a cell: Excel's own, its number, `31/12/2026`, `2026-12-31`, `31 Desember 2026`, `Kamis, 31-Des-2026`.
    Raises ValueError."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, Decimal):
        found = serial_day(cell)
        if found is None:
            raise ValueError(_WRONG)
        return found
    text = " ".join(str(cell).casefold().split())
    match = _ISO.fullmatch(text) or _SHORT.fullmatch(text) or _WORDS.fullmatch(text)
    if match is None:
        raise ValueError(_WRONG)
    month = _MONTHS.get(match["month"]) or (int(match["month"]) if match["month"].isdecimal() else 0)
    try:
        return date(int(match["year"]), month, int(match["day"]))
    except ValueError:
        raise ValueError(_WRONG) from None
