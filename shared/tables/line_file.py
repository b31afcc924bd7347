"""The lines of a sheet in a compressed temporary file, so that memory does not grow with them."""

from __future__ import annotations

import json
import weakref
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO

from shared.tables.cells import Cell, Unusable
from shared.tables.limits import LARGEST_SHEET, LONGEST_LINE, MEGABYTE, too_much

_IN_MEMORY = MEGABYTE  # bytes of the file; a longer one goes to the temporary folder
_PIECE = 64 * 1024  # characters that are compressed at once, and bytes that are read
_FASTEST = 1  # of zlib's levels


@dataclass(frozen=True)
class RawLine:
    """A line as it stands in the file. number: from 1; cells: by column, from 0."""

    number: int
    cells: dict[int, Cell]

    @property
    def characters(self) -> int:
        """How long all texts are together."""
        return sum(len(cell) for cell in self.cells.values() if isinstance(cell, str))


class LineFile:
    """Lines in the order in which they were added. Add all of them, `finish`, then iterate as often as needed. Not safe
    for several threads at once. The file is removed with the object."""

    def __init__(self) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the object
        weakref.finalize(self, self._file.close)
        self._deflate = zlib.compressobj(_FASTEST)
        self._waiting: list[str] = []
        self._characters = 0
        self._count = 0
        self._left = LARGEST_SHEET

    def add(self, line: RawLine) -> None:
        """Add a line. Raises Invalid (field `file`) for one that is too long, or when all lines are."""
        if line.characters > LONGEST_LINE:
            raise too_much()
        text = json.dumps([line.number, {place: _stored(cell) for place, cell in line.cells.items()}])
        self._waiting.append(text)
        self._characters += len(text)
        self._count += 1
        if self._characters >= _PIECE:
            self._write()

    def finish(self) -> None:
        """No line is added any more."""
        self._write()
        self._file.write(self._deflate.flush())

    def __len__(self) -> int:
        """How many lines there are."""
        return self._count

    def __iter__(self) -> Iterator[RawLine]:
        """The lines, with cells that may be changed."""
        inflate, place, rest = zlib.decompressobj(), 0, b""
        while not inflate.eof:
            self._file.seek(place)
            chunk = inflate.unconsumed_tail or self._file.read(_PIECE)
            place += 0 if inflate.unconsumed_tail else len(chunk)
            *lines, rest = (rest + inflate.decompress(chunk, _PIECE)).split(b"\n")
            for line in lines:
                number, cells = json.loads(line)
                yield RawLine(number, {int(column): _cell(stored) for column, stored in cells.items()})

    def _write(self) -> None:
        self._left -= self._characters
        if self._left < 0:
            raise too_much()
        text = "".join(f"{each}\n" for each in self._waiting)
        self._file.write(self._deflate.compress(text.encode("ascii")))
        self._waiting.clear()
        self._characters = 0


def _stored(cell: Cell) -> object:
    match cell:
        case str() | bool():
            return cell
        case Decimal():
            return ["n", str(cell)]
        case date():
            return ["d", cell.isoformat()]
        case Unusable():
            return ["u", cell.code, cell.shown]


def _cell(stored: str | bool | list[str]) -> Cell:
    match stored:
        case ["n", number]:
            return Decimal(number)
        case ["d", day]:
            return date.fromisoformat(day)
        case ["u", code, shown]:
            return Unusable(code, shown)
        case str() | bool():
            return stored
    raise AssertionError("only what was added")
