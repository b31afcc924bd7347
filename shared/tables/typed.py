"""Rows with values instead of cells, and what is wrong with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from shared.tables.cells import Cell, shown
from shared.tables.report import Finding, Findings, quoted
from shared.tables.table import Table, TableRow
from shared.tables.values import Read, WrongCell, value_of

_TURN = 20  # rows, which take some milliseconds


@dataclass(frozen=True)
class TypedRow:
    """number: of the line in the file; values: by the column's key; what is empty or wrong is left out; faulty: the
    row has an error."""

    number: int
    values: dict[str, Read]
    cells: dict[str, Cell]
    faulty: bool


def typed_rows(table: Table, findings: Findings) -> Iterator[TypedRow]:
    """The rows of a table, each once; what is wrong goes to `findings`."""
    for row in table.rows:
        values: dict[str, Read] = {}
        before = findings.errors
        for key, cell in row.cells.items():
            try:
                value = value_of(table.columns.by_key[key], cell)
            except WrongCell as wrong:
                findings.add(about(table, row, key, wrong.code, str(wrong)))
                continue
            if value is not None:
                values[key] = value
        for key in sorted(table.columns.required - row.cells.keys()):
            if key in table.titles:
                findings.add(about(table, row, key, "missing", "wajib diisi"))
        yield TypedRow(row.number, values, row.cells, findings.errors > before)


async def typed_in_turns(table: Table, findings: Findings) -> AsyncIterator[TypedRow]:
    """As `typed_rows`, for an event loop: others get their turn after every few rows."""
    for number, row in enumerate(typed_rows(table, findings)):
        if number % _TURN == 0:
            await asyncio.sleep(0)
        yield row


def about(table: Table, row: TableRow | TypedRow, key: str, code: str, reason: str, *, note: bool = False) -> Finding:
    """A finding about a row; key: of the column, empty for the whole row."""
    cell = row.cells.get(key)
    return Finding(
        sheet=table.sheet,
        row=row.number,
        column=table.column(key) if key else "",
        value="" if cell is None else quoted(shown(cell)),
        code=code,
        reason=reason,
        note=note,
        title=table.title,
    )
