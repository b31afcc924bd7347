"""The values of cells: what a reader finds, and what a writer accepts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Unusable:
    """A cell without a value that may be taken. code: `formula`, or `error` for one that shows an error such as #N/A;
    shown: what stands in it."""

    code: str
    shown: str


Cell = str | Decimal | date | bool | Unusable
"""The value of a cell that is read; an empty cell is left out."""

Value = str | int | Decimal | date | datetime | bool | None
"""The value of a cell that is written; None and empty text leave it out."""


def shown(cell: Cell) -> str:
    """The text of a cell as a report quotes it."""
    match cell:
        case Unusable():
            return cell.shown
        case bool():
            return "TRUE" if cell else "FALSE"
        case datetime() | date():
            return cell.isoformat()
        case Decimal():
            return plain(cell)
    return cell


def plain(number: Decimal) -> str:
    """A number without an exponent and without trailing zeros."""
    return f"{number.normalize():f}"
