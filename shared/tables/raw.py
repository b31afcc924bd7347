"""A sheet as it stands in the file, before its columns are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared.tables.cells import Cell
from shared.tables.limits import LARGEST_HEAD, MOST_COLUMNS, too_much
from shared.tables.line_file import LineFile, RawLine

HEAD = 40
"""Lines in which the titles of columns may be."""


@dataclass(frozen=True)
class Merge:
    """Cells that are merged, all inclusive. first, last: numbers of lines; left, right: columns from 0."""

    first: int
    left: int
    last: int
    right: int


class RawSheet:
    """title: as written in the workbook, empty for CSV; head: the first HEAD lines that hold anything; above: (line,
    column) → the title of a group of columns, from a cell that is merged over several; hidden: it is not shown in the
    workbook."""

    def __init__(self, title: str, *, hidden: bool = False) -> None:
        self.title = title
        self.hidden = hidden
        self.head: list[RawLine] = []
        self.above: dict[tuple[int, int], str] = {}
        self._lines = LineFile()
        self._downwards: dict[int, list[Merge]] = {}
        self._wide: set[tuple[int, int]] = set()

    def add(self, line: RawLine) -> None:
        """Another line that holds anything. Raises Invalid (field `file`) when they are too large together."""
        self._lines.add(line)
        if len(self.head) < HEAD:
            self.head.append(line)
            if sum(each.characters for each in self.head) > LARGEST_HEAD:
                raise too_much()

    def finish(self, merges: list[Merge]) -> None:
        """No line is added any more."""
        self._lines.finish()
        head = {line.number: line.cells for line in self.head}
        for each in merges:
            if each.last > each.first:
                self._downwards.setdefault(each.first, []).append(each)
            if each.right > each.left:
                self._wide.add((each.first, each.left))
                title = head.get(each.first, {}).get(each.left) if each.first <= HEAD else None
                if isinstance(title, str):
                    for place in range(each.left, min(each.right, MOST_COLUMNS - 1) + 1):
                        self.above[(each.last, place)] = title
        self.head = [line for line, _ in zip(self, self.head, strict=False)]

    def is_title(self, line: RawLine) -> bool:
        """Whether all that stands in the line is merged over several columns."""
        return all((line.number, place) in self._wide for place in line.cells)

    def __len__(self) -> int:
        """How many lines hold anything."""
        return len(self._lines)

    def __iter__(self) -> Iterator[RawLine]:
        """The lines in order, with a cell that is merged downwards repeated in each of its lines."""
        open_merges: dict[int, tuple[int, Cell]] = {}  # column → last line, and the cell
        for line in self._lines:
            for place, (last, cell) in list(open_merges.items()):
                if line.number > last:
                    del open_merges[place]
                else:
                    line.cells.setdefault(place, cell)
            for each in self._downwards.get(line.number, ()):
                if each.left in line.cells:
                    open_merges[each.left] = (each.last, line.cells[each.left])
            yield line
