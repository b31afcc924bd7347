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
MOST_TEXT = 64 * MEGABYTE  # bytes of memory of all different texts


def refused(code: str, reason: str) -> Invalid:
    """The fault of a file that is not read (field `file`)."""
    return Invalid([Flaw("file", code, reason)], reason)


def too_much() -> Invalid:
    """The fault of a file whose content does not fit into the memory that it may use."""
    return refused("too-large", "isi berkas terlalu besar; bagilah menjadi beberapa berkas")


class Budget:
    """Counts what is kept of one file, and keeps equal texts once. Raises Invalid beyond the limits."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._memory = 0
        self._cells = 0

    def text(self, text: str) -> str:
        """The text as it is to be kept."""
        known = self._texts.get(text)
        if known is not None:
            return known
        if len(text) > LONGEST_CELL:
            raise refused("too-large", f"sebuah sel memuat lebih dari {LONGEST_CELL} karakter")
        self._memory += sys.getsizeof(text) + 100  # an entry of the dictionary
        if self._memory > MOST_TEXT:
            raise too_much()
        self._texts[text] = text
        return text

    def cell(self) -> None:
        """One more cell is kept."""
        self._cells += 1
        if self._cells > MOST_CELLS:
            raise too_much()
