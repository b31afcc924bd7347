"""The compliance heat map: rows by years, each cell with its figure or sign, so that color alone says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from services.portal.charts.svg import bar, canvas, em, percent, small_text, text
from services.portal.charts.words import in_lines

STEPS = 5
_HEAD, _PITCH, _HEIGHT, _GAP = 1.9, 2.5, 2.2, 0.008  # em, and a share of the width between cells
_LABELS = 0.34  # of the width
_CHARACTERS, _LINES = 12, 2  # of a label, at 300 px


@dataclass(frozen=True)
class HeatCell:
    """shown: the figure or sign in it; heat: 0…1, None: nothing is owed or known."""

    shown: str
    heat: float | None = None


@dataclass(frozen=True)
class HeatRow:
    """A row with a cell for each column."""

    label: str
    cells: tuple[HeatCell, ...]


def heat_map(columns: Sequence[str], rows: Sequence[HeatRow], summary: str) -> Markup:
    """Rows from the top down, columns from the left."""
    width = (1 - _LABELS) / max(1, len(columns))
    drawn = [small_text(head, percent(_middle(place, width)), 1.2, "chart-head") for place, head in enumerate(columns)]
    for place, row in enumerate(rows):
        drawn += _row(row, _HEAD + place * _PITCH, width)
    return canvas(_HEAD + len(rows) * _PITCH, summary, "heat", *drawn)


def step(heat: float) -> int:
    """The shade of a share: 0…4; the last only for all of them."""
    return STEPS - 1 if heat >= 1 else min(STEPS - 2, int(max(0.0, heat) * (STEPS - 1)))


def _row(row: HeatRow, top: float, width: float) -> list[Markup]:
    lines = in_lines(row.label, _CHARACTERS, _LINES)
    first = top + _HEIGHT / 2 + 0.35 - 0.55 * (len(lines) - 1)
    marks = [text(line, "0", em(first + 1.1 * place), "chart-label") for place, line in enumerate(lines)]
    for place, cell in enumerate(row.cells):
        shade = "none" if cell.heat is None else str(step(cell.heat))
        marks.append(bar(_LABELS + place * width, top, width - _GAP, _HEIGHT, f"chart-heat-{shade}"))
        at, line = percent(_middle(place, width)), top + _HEIGHT / 2 + 0.3
        marks.append(small_text(cell.shown, at, line, f"chart-cell chart-cell-{shade}"))
    return marks


def _middle(place: int, width: float) -> float:
    return _LABELS + place * width + (width - _GAP) / 2
