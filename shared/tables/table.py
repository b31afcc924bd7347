"""A table that was read: one sheet of ours, its rows under our names of the columns."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from shared.tables.cells import Cell, shown
from shared.tables.line_file import RawLine
from shared.tables.raw import RawSheet
from shared.tables.report import Finding
from shared.tables.sheet import Sheet

_MOST_UNTITLED = 20
_ORDINAL = re.compile(r"\(?([0-9]{1,3})[.)]?", re.ASCII)
_FEWEST = 3  # columns


@dataclass(frozen=True)
class TableRow:
    """number: of the line in the file; cells: by the column's key; empty cells are left out."""

    number: int
    cells: dict[str, Cell]


def numbers_columns(line: RawLine) -> bool:
    """Whether a line only numbers the columns, `(1) (2) (3) …`, as official tables do below their titles."""
    found = [_ORDINAL.fullmatch(shown(cell).strip()) for _, cell in sorted(line.cells.items())]
    numbers = [int(each[1]) for each in found if each]
    return len(numbers) == len(found) >= _FEWEST and numbers == list(range(1, len(numbers) + 1))


class Rows:
    """The rows of a sheet below its titles. They are read from a temporary file, as often as they are asked for.

    untitled: (line, cell) of the first rows that have a cell in a column without any title."""

    def __init__(self, raw: RawSheet, head: int, keys: Mapping[int, str], titled: Container[int]) -> None:
        """head: the number of the line of titles; keys: column, from 0 → its key; titled: the columns with a title,
        known or not."""
        self.untitled: list[tuple[int, Cell]] = []
        self._raw = raw
        self._head = head
        self._keys = keys
        self._count = 0
        for line, _ in self._lines():
            self._count += 1
            if len(self.untitled) < _MOST_UNTITLED:
                self.untitled += [(line.number, line.cells[place]) for place in line.cells if place not in titled][:1]

    def __len__(self) -> int:
        """How many rows there are."""
        return self._count

    def __iter__(self) -> Iterator[TableRow]:
        """The rows in order."""
        for line, cells in self._lines():
            yield TableRow(line.number, cells)

    def _lines(self) -> Iterator[tuple[RawLine, dict[str, Cell]]]:
        is_first = True
        for line in self._raw:
            if line.number <= self._head:
                continue
            was_first, is_first = is_first, False
            if was_first and numbers_columns(line):
                continue
            cells = {self._keys[place]: cell for place, cell in line.cells.items() if place in self._keys}
            if cells and not self._raw.is_title(line):
                yield line, cells


@dataclass(frozen=True)
class Table:
    """sheet: the key of what it is; columns: ours; title: as written in the workbook; titles: key → as written; rows:
    in order; findings: what is said of the sheet itself."""

    sheet: str
    columns: Sheet
    title: str
    titles: dict[str, str]
    rows: Rows
    findings: list[Finding] = field(default_factory=list)

    def column(self, key: str) -> str:
        """A column's title as written, or ours."""
        return self.titles.get(key) or self.columns.by_key[key].header
