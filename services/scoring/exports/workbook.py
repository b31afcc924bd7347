"""Writes a workbook: rows go to disk at once, so that memory stays flat for any number of rows.

Not safe for several threads at once. Dates are written as words, numbers as numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.scoring.exports.text import Value, clean, runs

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_TITLE = 31
_A4 = 9  # in the list of paper sizes of ECMA-376
_NOT_IN_A_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


class Sheet:
    """One sheet. Rows can be added until the book is saved."""

    def __init__(self, sheet: Any) -> None:  # noqa: ANN401 - openpyxl's write-only sheet
        self._sheet = sheet

    def note(self, *lines: str) -> None:
        """Lines above a table, each over its own row."""
        for line in lines:
            self._sheet.append([self._cell(line)])

    def pair(self, name: str, value: Value) -> None:
        """A name in bold with its value."""
        self._sheet.append([self._bold(name), self._cell(value)])

    def blank(self) -> None:
        """An empty row."""
        self._sheet.append([])

    def heads(self, heads: Sequence[str]) -> None:
        """A row of column heads."""
        self._sheet.append([self._bold(each) for each in heads])

    def rows(self, rows: Iterable[Sequence[Value]]) -> None:
        """Rows of a table."""
        for row in rows:
            self._sheet.append([self._cell(value) for value in row])

    def _bold(self, text: str) -> Any:  # noqa: ANN401 - a cell of openpyxl, which types it as many things
        from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - see Book

        cell = self._text(text)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        return cell

    def _cell(self, value: Value) -> Any:  # noqa: ANN401 - as above
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, bool):
            return "Ya" if value else "Tidak"
        if isinstance(value, str):
            text = clean(value)
            return self._text(text) if runs(text) or text.startswith("#") else text
        return value

    def _text(self, value: str) -> Any:  # noqa: ANN401 - as above
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - see Book

        cell = WriteOnlyCell(self._sheet, clean(value))
        cell.data_type = "s"  # never a formula
        cell.quotePrefix = runs(value)
        return cell


class Book:
    """A workbook. The library is imported only here, because its import is slow."""

    def __init__(self) -> None:
        from openpyxl import Workbook  # noqa: PLC0415 - see the class

        self._book: Workbook = Workbook(write_only=True)
        self._book.properties.creator = "Satu Inovasi"

    def sheet(self, title: str, widths: Sequence[int] = (), *, frozen: str | None = None) -> Sheet:
        """A new sheet. widths: of the first columns, in characters; frozen: the cell below and right of which it
        scrolls."""
        from openpyxl.utils import get_column_letter  # noqa: PLC0415 - see the class

        made: Any = self._book.create_sheet(clean(title).translate(_NOT_IN_A_TITLE)[:_LONGEST_TITLE])
        for number, width in enumerate(widths, start=1):
            made.column_dimensions[get_column_letter(number)].width = width
        made.freeze_panes = frozen
        made.page_setup.orientation = "landscape"
        made.page_setup.paperSize = _A4
        made.page_setup.fitToHeight = 0
        made.sheet_properties.pageSetUpPr.fitToPage = True
        return Sheet(made)

    def save(self, path: Path) -> None:
        """Write the file; nothing can be added afterwards."""
        self._book.save(path)
