"""A sheet as it stands in the file, before its columns are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.tables.cells import Cell


@dataclass(frozen=True)
class RawLine:
    """number: of the line in the file, from 1; cells: by column, from 0."""

    number: int
    cells: Mapping[int, Cell]


@dataclass
class RawSheet:
    """title: as written in the workbook, empty for CSV; lines: those that hold anything; above: (line, column) → the
    title of a group of columns, from a cell that is merged over several; wide: (line,
    column) of the cells that are merged over several columns; hidden: it is not shown in the workbook."""

    title: str
    lines: list[RawLine] = field(default_factory=list)
    above: dict[tuple[int, int], str] = field(default_factory=dict)
    wide: set[tuple[int, int]] = field(default_factory=set)
    hidden: bool = False
