"""How much a file may hold, whatever it claims: every reader counts for itself, so that no file needs more than about
150 MB of memory."""

from __future__ import annotations

import sys

from shared.faults import Flaw, Invalid

MEGABYTE = 1024 * 1024

LARGEST_FILE = 32 * MEGABYTE
"""Bytes of the file as it is sent."""

LARGEST_OPENED = 256 * MEGABYTE
"""Bytes of all parts of a workbook that are read, uncompressed. They are read as a stream."""

MOST_ROWS = 10_000
"""Rows of one sheet below its titles."""

MOST_LINES = 20_000
"""Lines of one sheet that hold anything."""

MOST_COLUMNS = 256
"""Columns that are looked at."""

MOST_SHEETS = 50
LONGEST_CELL = 32_767  # characters, as a workbook allows
MOST_CELLS = 1_200_000
MOST_SHARED_TEXT = 64 * MEGABYTE  # bytes of memory of the texts that cells of a workbook share
LONGEST_LINE = 512 * 1024  # characters of all cells of a line
LARGEST_HEAD = 2 * MEGABYTE  # characters of the lines in which the titles may be, which are kept in memory
LARGEST_SHEET = 256 * MEGABYTE  # characters of all lines of a sheet, which are kept in a compressed temporary file


def refused(code: str, reason: str) -> Invalid:
    """The fault of a file that is not read (field `file`)."""
    return Invalid([Flaw("file", code, reason)], reason)


def too_much() -> Invalid:
    """The fault of a file whose content does not fit into the memory that it may use."""
    return refused("too-large", "isi berkas terlalu besar; bagilah menjadi beberapa berkas")


class Budget:
    """Counts what is read of one file. Raises Invalid beyond the limits."""

    def __init__(self) -> None:
        self._memory = 0
        self._cells = 0

    def text(self, text: str) -> str:
        """The text of a cell."""
        if len(text) > LONGEST_CELL:
            raise refused("too-large", f"sebuah sel memuat lebih dari {LONGEST_CELL} karakter")
        return text

    def shared_text(self, text: str) -> str:
        """One more text that cells share is kept in memory."""
        self._memory += sys.getsizeof(text) + 8  # its place in a list
        if self._memory > MOST_SHARED_TEXT:
            raise too_much()
        return text

    def cell(self) -> None:
        """One more cell."""
        self._cells += 1
        if self._cells > MOST_CELLS:
            raise too_much()
