"""Reads a scorecard's workbook back as the input that `satu score` takes as JSON.

Only the columns that a person fills in are read; results in the sheet (level, points, why) are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from services.scoring.exports import columns
from shared.faults import Flaw, Flaws, Invalid

LARGEST = 10 * 1024 * 1024  # bytes of the file
LARGEST_OPENED = 100 * 1024 * 1024  # bytes of its uncompressed parts; protects against zip bombs
_MOST_ROWS = 1_000
_ROW = re.compile(r"^[0-9]{1,3}[a-z]?$")
_DECIMAL_COMMA = re.compile(r"^-?[0-9]{1,15}(,[0-9]{1,6})?$")

Cells = tuple[Any, ...]


def read_scorecard_workbook(path: Path) -> dict[str, Any]:
    """``{"name", "digital", "levels", "evidence"}``: levels by row, a whole number 1…3 or an object with any of level,
    value (int or Decimal), unit and basis; evidence: the rows with at least one file or link.

    Raises Invalid with every flaw at once; a flaw's field is ``<file>: baris <line>: <column>``.
    """
    lines = _lines(path)
    head = next((number for number, cells in enumerate(lines) if _is_head(cells)), None)
    if head is None:
        message = f"lembar tidak memuat judul kolom {', '.join(columns.REQUIRED)}"
        raise Invalid([Flaw(path.name, "no-head", message)])
    places = {str(cell).strip(): place for place, cell in enumerate(lines[head]) if cell is not None}
    reading = _Reading(path.name, places)
    for number, cells in enumerate(lines[head + 1 :], start=head + 2):
        reading.take(number, cells)
    if reading.flaws:
        raise Invalid(reading.flaws)
    pairs = {str(cells[0]).strip(): cells[1] for cells in lines[:head] if len(cells) > 1 and cells[0] is not None}
    return {
        "name": str(pairs.get(columns.NAME) or path.stem),
        "digital": str(pairs.get(columns.NATURE) or columns.DIGITAL).strip().casefold() == columns.DIGITAL.casefold(),
        "levels": reading.levels,
        "evidence": reading.evidence,
    }


class _Reading:
    """The rows of one sheet, line by line."""

    def __init__(self, file: str, places: Mapping[str, int]) -> None:
        self.file = file
        self.places = places
        self.levels: dict[str, Any] = {}
        self.evidence: list[str] = []
        self.flaws = Flaws()
        self._seen: set[str] = set()

    def take(self, line: int, cells: Cells) -> None:
        """Read one line; a line without a row's number (empty, a total, a remark) is skipped."""
        row = _label(self._cell(cells, columns.NUMBER))
        if row is None:
            return
        if row in self._seen:
            self._flaw(line, columns.NUMBER, "row-repeated", f"indikator {row} ada lebih dari sekali")
            return
        self._seen.add(row)
        entry = dict(self._entry(line, cells))
        if entry:
            self.levels[row] = entry["level"] if set(entry) == {"level"} else entry
        proofs = self._number(line, cells, columns.PROOFS)
        if proofs is not None and proofs > 0:
            self.evidence.append(row)

    def _entry(self, line: int, cells: Cells) -> Iterator[tuple[str, Any]]:
        level = self._number(line, cells, columns.CLAIMED_LEVEL)
        if level is not None and level not in {0, 1, 2, 3}:
            self._flaw(line, columns.CLAIMED_LEVEL, "level", "harus 1, 2 atau 3, atau kosong")
        elif level:
            yield "level", int(level)
        value = self._number(line, cells, columns.VALUE)
        if value is not None:
            yield "value", int(value) if value == value.to_integral_value() else value
        for key, column in (("unit", columns.UNIT), ("basis", columns.BASIS)):
            text = self._cell(cells, column)
            if text is not None and str(text).strip():
                yield key, str(text).strip()

    def _number(self, line: int, cells: Cells, column: str) -> Decimal | None:
        cell = self._cell(cells, column)
        if cell is None or cell == "":
            return None
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            number = Decimal(str(cell))
            if number.is_finite():
                return number
        if isinstance(cell, str) and _DECIMAL_COMMA.match(cell.strip()):
            return Decimal(cell.strip().replace(",", "."))
        self._flaw(line, column, "number", "harus angka")
        return None

    def _cell(self, cells: Cells, column: str) -> Any:  # noqa: ANN401 - whatever a cell holds
        place = self.places[column]
        return cells[place] if place < len(cells) else None

    def _flaw(self, line: int, column: str, code: str, message: str) -> None:
        self.flaws.append(Flaw(f"{self.file}: baris {line}: {column}", code, message))


def _label(cell: Any) -> str | None:  # noqa: ANN401 - whatever a cell holds
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip() if cell is not None and not isinstance(cell, bool) else ""
    return text if _ROW.match(text) else None


def _is_head(cells: Cells) -> bool:
    return {str(cell).strip() for cell in cells if cell is not None}.issuperset(columns.REQUIRED)


def _lines(path: Path) -> list[Cells]:
    try:
        if path.stat().st_size > LARGEST:
            raise Invalid([Flaw(path.name, "too-large", f"lebih besar dari {LARGEST} byte")])
        with ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST_OPENED:
                raise Invalid([Flaw(path.name, "too-large", "isinya terlalu besar")])
        return _cells(path)
    except OSError as error:
        raise Invalid([Flaw(path.name, "unreadable", f"tidak dapat dibaca: {error.strerror or error}")]) from error
    except (BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError) as error:
        # What openpyxl raises for a broken part is not one class of its own; ElementTree's ParseError is a SyntaxError.
        raise Invalid([Flaw(path.name, "unreadable", "bukan berkas XLSX yang utuh")]) from error


def _cells(path: Path) -> list[Cells]:
    from openpyxl import load_workbook  # noqa: PLC0415 - only who reads a workbook pays for it

    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book[columns.SHEET] if columns.SHEET in book.sheetnames else book.worksheets[0]
        return list(sheet.iter_rows(max_row=_MOST_ROWS, values_only=True))
    finally:
        book.close()
