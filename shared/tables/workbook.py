"""Writes a workbook: rows go to the file as they come, so that memory stays flat for any number of rows (ADR 0036).

Not safe for several threads at once. Dates are written as words, numbers as numbers. Equal content gives equal bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Self
from zipfile import ZIP_DEFLATED, ZipFile

from shared.tables.cells import Value
from shared.tables.workbook_cells import Bold, Cells
from shared.tables.workbook_parts import ROWS_END, filtered_rows, fixed_parts, sheet_end, sheet_start
from shared.web.spreadsheet import clean

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CREATOR = "Satu Inovasi"
_LONGEST_TITLE = 31
_NOT_IN_A_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
_HEAD_LINES = 3  # that the heads of rows which can be filtered have room for
_IN_MEMORY = 1024 * 1024  # bytes of a sheet; a longer one goes to a temporary file
_LEVEL = 5  # of zlib, 1…9


class Sheet:
    """One sheet. Rows can be added until the book is saved."""

    def __init__(self, file: IO[bytes], cells: Cells, start: str, end: str) -> None:
        self._file = TextIOWrapper(file, "utf-8", newline="")
        self._file.write(start)
        self._cells = cells
        self._end = end
        self._next = 1
        self._filtered: tuple[int, int] | None = None  # row of the heads and number of columns

    def note(self, *lines: str) -> None:
        """Lines above a table, each over its own row."""
        self.rows([line] for line in lines)

    def pair(self, name: str, value: Value) -> None:
        """A name in bold with its value."""
        self.rows([[Bold(name), value]])

    def blank(self) -> None:
        """An empty row."""
        self._next += 1

    def heads(self, heads: Sequence[str], *, filtered: bool = False) -> None:
        """A row of column heads. filtered: the rows from here to the last can be sorted and filtered by them."""
        if filtered:
            self._filtered = self._next, len(heads)
        lines = _HEAD_LINES if filtered else 1
        self._file.write(self._cells.row(self._next, [Bold(each) for each in heads], lines=lines))
        self._next += 1

    def rows(self, rows: Iterable[Sequence[Value]]) -> None:
        """Rows of a table."""
        for row in rows:
            self._file.write(self._cells.row(self._next, row))
            self._next += 1

    def finish(self) -> None:
        """Write the end of the sheet; no row can be added afterwards."""
        self._file.write(ROWS_END)
        if self._filtered is not None:
            self._file.write(filtered_rows(*self._filtered, self._next - 1))
        self._file.write(self._end)
        self._file.flush()

    def close(self) -> None:
        """Release the file."""
        self._file.close()


class Book:
    """A workbook, saved at the end of a `with` statement; one that is left by an exception is given up.

    An archive takes one part at a time: one sheet of a book can be *long*, its rows go there at once, and those of the
    others at the end. So only what the others hold takes room in the temporary folder, which may be memory.
    """

    def __init__(self, path: Path) -> None:
        self._archive = ZipFile(path, "w", ZIP_DEFLATED, compresslevel=_LEVEL)
        self._cells = Cells()
        self._titles: list[str] = []
        self._long: Sheet | None = None
        self._others: list[tuple[str, IO[bytes], Sheet]] = []

    def __enter__(self) -> Self:
        """The book itself."""
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        """Save it, unless there was an exception."""
        if kind is None:
            self.save()
        else:
            self.close()

    def sheet(
        self,
        title: str,
        widths: Sequence[int] = (),
        *,
        frozen: tuple[int, int] | None = None,
        long: bool = False,
        lists: Mapping[str, str] | None = None,
    ) -> Sheet:
        """A new sheet. widths: of the first columns, in characters; frozen: how many rows and columns stay when the
        rest scrolls; long: see the class; lists: cells (`B2:B9999`) → the cells with the values that may be chosen."""
        self._titles.append(clean(title).translate(_NOT_IN_A_TITLE)[:_LONGEST_TITLE])
        name, start = f"xl/worksheets/sheet{len(self._titles)}.xml", sheet_start(widths, frozen)
        end = sheet_end(lists or {})
        if long:
            self._long = Sheet(self._archive.open(name, "w"), self._cells, start, end)
            return self._long
        file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the book
        made = Sheet(file, self._cells, start, end)
        self._others.append((name, file, made))
        return made

    def save(self) -> None:
        """Complete the file; nothing can be added afterwards."""
        try:
            if self._long is not None:
                self._long.finish()
                self._long.close()
            for name, file, sheet in self._others:
                sheet.finish()
                file.seek(0)
                with self._archive.open(name, "w") as part:
                    shutil.copyfileobj(file, part)
            for name, text in fixed_parts(self._titles, CREATOR).items():
                with self._archive.open(name, "w") as part:
                    part.write(text.encode())
        finally:
            self.close()

    def close(self) -> None:
        """Release the files; without `save` before, what is written is no workbook."""
        if self._long is not None:
            self._long.close()
        for _, _, sheet in self._others:
            sheet.close()
        self._archive.close()
