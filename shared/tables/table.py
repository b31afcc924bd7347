"""A table that was read: one sheet of ours, its rows under our names of the columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.tables.cells import Cell
from shared.tables.report import Finding
from shared.tables.sheet import Sheet


@dataclass(frozen=True)
class TableRow:
    """number: of the line in the file; cells: by the column's key; empty cells are left out."""

    number: int
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Table:
    """sheet: the key of what it is; columns: ours; title: as written in the workbook; titles: key → as written; rows:
    in order; findings: what is said of the sheet itself."""

    sheet: str
    columns: Sheet
    title: str
    titles: dict[str, str]
    rows: Sequence[TableRow]
    findings: list[Finding] = field(default_factory=list)

    def column(self, key: str) -> str:
        """A column's title as written, or ours."""
        return self.titles.get(key) or self.columns.by_key[key].header
