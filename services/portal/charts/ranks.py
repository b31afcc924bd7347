"""The ranking with movement: rank, name, points as a bar, and how far it moved since the last frozen ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from services.portal.charts.svg import bar, canvas, element, em, percent, text
from services.portal.charts.words import shortened

_PITCH, _TOP, _HEIGHT = 3.3, 1.55, 0.85  # em
_FROM, _TO, _VALUE = 0.11, 0.72, 0.86  # shares of the width: where names and bars begin, bars end, and points end
_LABEL = 31  # characters at 300 px


class Moved(StrEnum):
    """The direction since the last frozen ranking."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    NEW = "new"


_SHAPES = {
    Moved.UP: "M0-5 6 5H-6Z",
    Moved.DOWN: "M0 5 6-5H-6Z",
    Moved.SAME: "M-6-1.5H6V1.5H-6Z",
    Moved.NEW: "M0-6 1.8-1.8 6 0 1.8 1.8 0 6-1.8 1.8-6 0-1.8-1.8Z",
}


@dataclass(frozen=True)
class RankRow:
    """A place. share: of the highest maturity possible, 0…1; value: the points in words; moved: None: there is nothing
    to compare with; steps: how far, as printed, empty for none."""

    rank: str
    label: str
    value: str
    share: float
    moved: Moved | None = None
    steps: str = ""


def ranks(rows: Sequence[RankRow], summary: str) -> Markup:
    """One place below the other."""
    drawn = [mark for place, row in enumerate(rows) for mark in _row(row, place * _PITCH)]
    return canvas(len(rows) * _PITCH, summary, "ranks", *drawn)


def _row(row: RankRow, top: float) -> list[Markup]:
    long = _TO - _FROM
    marks = [
        text(row.rank, percent(_FROM - 0.03), em(top + 1.9), "chart-rank"),
        text(shortened(row.label, _LABEL), percent(_FROM), em(top + 1), "chart-label"),
        text(row.value, percent(_VALUE), em(top + _TOP + 0.75), "chart-value"),
        bar(_FROM, top + _TOP, long, _HEIGHT, "chart-track"),
        bar(_FROM, top + _TOP, long * min(1.0, max(0.0, row.share)), _HEIGHT, "chart-verified"),
    ]
    if row.moved is not None:
        marks += _movement(row.moved, row.steps, top)
    return marks


def _movement(moved: Moved, steps: str, top: float) -> list[Markup]:
    shape = element("path", d=_SHAPES[moved], class_=f"chart-moved-{moved.value}")
    at = element("svg", shape, x=percent(0.9 if steps else 0.93), y=em(top + _TOP + _HEIGHT / 2), overflow="visible")
    if not steps:
        return [at]
    return [at, text(steps, percent(0.9), em(top + _TOP + 0.75), "chart-steps", dx="0.8em")]
