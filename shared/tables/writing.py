"""Writes tables with the columns that are read: workbooks for people, CSV for other programmes.

What was written is read back as the same values, and no text of it is a formula.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

from shared.tables.cells import Value, plain
from shared.tables.disarming import disarmed
from shared.tables.sheet import CellKind, Column, Sheet
from shared.tables.values import Read
from shared.tables.workbook import Book

Row = Mapping[str, Read | None]
"""Key of a column → its value, as `typed_rows` gives it; choices by their stable values."""

CSV_TYPE = "text/csv; charset=utf-8"
_BOM = "\ufeff"  # without it, Excel takes UTF-8 for Windows-1252
_SEPARATOR = "; "


def cells_of(columns: Sequence[Column], row: Row) -> list[Value]:
    """The cells of a row in the order of the columns: choices in words, several with a semicolon between them."""
    return [_cell(column, row.get(column.key)) for column in columns]


def write_workbook(path: Path, sheets: Iterable[tuple[Sheet, Iterable[Row]]]) -> None:
    """Write a workbook, a sheet each, with the titles of the columns in the first line. The rows of the last sheet may
    be many: they go to the file as they come."""
    waiting = list(sheets)
    with Book(path) as book:
        for number, (sheet, rows) in enumerate(waiting, start=1):
            widths = [column.width for column in sheet.columns]
            written = book.sheet(sheet.title, widths, frozen=(1, 1), long=number == len(waiting))
            written.heads([column.header for column in sheet.columns])
            written.rows(cells_of(sheet.columns, row) for row in rows)


def csv_lines(sheet: Sheet, rows: Iterable[Row]) -> Iterator[bytes]:
    """A sheet as CSV, in pieces: UTF-8 with a byte order mark, commas, days as 2026-12-31, decimal commas."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    text.write(_BOM)
    writer.writerow([column.header for column in sheet.columns])
    for row in rows:
        writer.writerow([_plain(value) for value in cells_of(sheet.columns, row)])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    if text.tell():
        yield text.getvalue().encode()


def _cell(column: Column, value: Read | None) -> Value:
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if isinstance(value, tuple):
        return _SEPARATOR.join(column.words.get(each, each) for each in value)
    if isinstance(value, str) and column.kind in (CellKind.CHOICE, CellKind.YEAR):
        return column.words.get(value, value)
    return value


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain(value).replace(".", ",")
    if isinstance(value, date):
        return value.isoformat()
    return disarmed(str(value))
