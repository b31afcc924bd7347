"""Reads the rows of one sheet of a workbook (ECMA-376 part 1, §18.3): each cell's value, and what merged cells mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from shared.tables.cells import Cell, Unusable
from shared.tables.limits import MOST_COLUMNS, MOST_LINES, Budget, refused, too_much
from shared.tables.line_file import RawLine
from shared.tables.raw import Merge, RawSheet
from shared.tables.xlsx.book import TextReader
from shared.tables.xlsx.package import unreadable

_PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_LONGEST_NUMBER = 60  # characters
_FIRST_DAY, _FIRST_DAY_1904 = date(1899, 12, 30), date(1904, 1, 1)
_LEAST_SERIAL, _MOST_SERIAL = 61, 110_000  # 1 March 1900, before which Excel's days are wrong; the year 2201
_MOST_MERGES = 20_000


@dataclass(frozen=True)
class BookFacts:
    """What cells refer to. texts: shared ones; days: the styles that show days; old_days: counted from 1904."""

    texts: list[str]
    days: frozenset[int]
    old_days: bool


@dataclass
class _Open:
    """The cell that is being read."""

    place: int
    kind: str
    style: int
    formula: bool = False
    pieces: list[str] = field(default_factory=list)


class SheetReader:
    """The handler of a sheet's part. `finished` gives the sheet."""

    def __init__(self, title: str, facts: BookFacts, budget: Budget, *, hidden: bool) -> None:
        self._sheet = RawSheet(title, hidden=hidden)
        self._facts = facts
        self._budget = budget
        self._inline = TextReader(budget)
        self._number = 0
        self._cells: dict[int, Cell] = {}
        self._next = 0
        self._open: _Open | None = None
        self._value = False
        self._size = 0
        self._merges: list[Merge] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "c":
            place = _column(attributes.get("r")) if "r" in attributes else self._next
            style = attributes.get("s", "0")
            self._next = place + 1
            self._size = 0
            self._open = _Open(place, attributes.get("t", "n"), int(style) if style.isdecimal() else 0)
        elif name == "v":
            self._value = True
        elif name == "f" and self._open is not None:
            self._open.formula = True
        elif name == "row":
            given = attributes.get("r", "")
            self._number = int(given) if given.isdecimal() and len(given) < 8 else self._number + 1  # noqa: PLR2004
            self._cells, self._next = {}, 0
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif self._open is not None:
            self._inline.start(name, attributes)

    def text(self, text: str) -> None:
        """A piece of text."""
        if self._value and self._open is not None:
            self._size += len(text)
            if self._size > 32_767:  # noqa: PLR2004 - as any cell
                raise refused("too-large", "sebuah sel terlalu besar")
            self._open.pieces.append(text)
        elif self._open is not None:
            self._inline.text(text)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "c" and self._open is not None:
            cell = self._cell(self._open)
            if cell is not None and self._open.place < MOST_COLUMNS:
                self._budget.cell()
                self._cells[self._open.place] = cell
            self._open = None
        elif name == "v":
            self._value = False
        elif name == "row" and self._cells:
            if len(self._sheet) >= MOST_LINES:
                raise refused("too-long", f"paling banyak {MOST_LINES} baris sekaligus")
            self._sheet.add(RawLine(self._number, self._cells))
        elif self._open is not None:
            self._inline.end(name)

    def finished(self) -> RawSheet:
        """The sheet."""
        self._sheet.finish(self._merges)
        return self._sheet

    def _cell(self, read: _Open) -> Cell | None:
        text = "".join(read.pieces)
        if read.kind == "inlineStr":
            text = self._inline.taken()
        if read.formula:
            return Unusable("formula", self._budget.text(text[:200]))
        if read.kind == "s":
            if not text.isdecimal() or int(text[:9]) >= len(self._facts.texts):
                raise unreadable()
            text = self._facts.texts[int(text[:9])]
        match read.kind:
            case "s" | "str" | "inlineStr":
                return self._budget.text(text) if text.strip() else None
            case "b":
                return text.strip() == "1"
            case "e":
                return Unusable("error", self._budget.text(text[:40]))
            case "d":
                return _iso_day(text)
        return self._number_of(text.strip(), read.style) if text.strip() else None

    def _number_of(self, text: str, style: int) -> Cell:
        try:
            number = Decimal(text) if len(text) <= _LONGEST_NUMBER else Decimal("NaN")
        except InvalidOperation:
            raise unreadable() from None
        if not number.is_finite() or abs(number.adjusted()) > _LONGEST_NUMBER:
            return Unusable("error", self._budget.text(text[:40]))
        if style in self._facts.days:
            return serial_day(number, old=self._facts.old_days) or number
        return number

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        begin, end = _PLACE.fullmatch(first), _PLACE.fullmatch(last or first)
        if begin is None or end is None:
            raise unreadable()
        if len(self._merges) >= _MOST_MERGES:
            raise too_much()
        self._merges.append(Merge(int(begin[2]), _letters(begin[1]), int(end[2]), _letters(end[1])))


def serial_day(number: Decimal, *, old: bool = False) -> date | None:
    """The day of Excel's number; the time of day is dropped. None beyond the years 1900 to 2200."""
    if not _LEAST_SERIAL <= number <= _MOST_SERIAL:
        return None
    return (_FIRST_DAY_1904 if old else _FIRST_DAY) + timedelta(days=int(number))


def _iso_day(text: str) -> Cell:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return Unusable("error", text[:40])


def _column(reference: str | None) -> int:
    match = _PLACE.fullmatch(reference or "")
    if match is None:
        raise unreadable()
    return _letters(match[1])


def _letters(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
