"""The years that a row's evidence may be from, counted back from the year of assessment (T-0).

Only rows whose text in the national form names such years have a window: Pedoman IGA 2026 as public regional
applications transcribe it. For row 16 the form asks for a regulation that is in force, which no date alone tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_YEARS_BACK: Mapping[str, int] = {
    "17": 2,  # SK T-2…T-0
    "18": 2,  # budget documents T-2, T-1, T-0
    "20": 2,  # within three years
    "21": 2,  # RKPD T-2, T-1, T-0
    "22": 2,  # dated T-2…T-0
    "24": 1,  # the last two years
    "29": 1,  # the last two years
}

BY_PLANNED_YEAR = frozenset({"18", "21"})
"""Rows whose documents are of the year that they plan (*tahun anggaran*, RKPD), whenever they were signed."""


@dataclass(frozen=True)
class YearWindow:
    """Calendar years, both included."""

    first: int
    last: int

    def __contains__(self, year: int) -> bool:
        return self.first <= year <= self.last


def window_of(row: str, year: int) -> YearWindow | None:
    """The window of a row for that year of assessment; None when the form names none."""
    back = _YEARS_BACK.get(row)
    return None if back is None else YearWindow(year - back, year)
