"""Columns over time, with a line for what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from services.portal.charts.svg import bar, canvas, element, em, percent, small_text, text

_TOP, _TALL = 1.2, 8.0  # em: from the top to a full column's top, of a full column
_GAP = 0.25  # of a column's place
_EVERY = 12  # at most so many labels fit at 300 px


@dataclass(frozen=True)
class Column:
    """share: of all, 0…1."""

    label: str
    share: float


def columns(each_of: Sequence[Column], line: float, line_label: str, summary: str) -> Markup:
    """From the left to the right. line: a share that is drawn across, with its label."""
    width = 1 / max(1, len(each_of))
    every = -(-len(each_of) // _EVERY)
    drawn: list[Markup] = []
    for place, each in enumerate(each_of):
        share = min(1.0, max(0.0, each.share))
        kind = "chart-verified" if share >= line else "chart-missed"
        left, tall = place * width + width * _GAP / 2, _TALL * share
        drawn.append(bar(left, _TOP, width * (1 - _GAP), _TALL, "chart-track"))
        drawn.append(bar(left, _TOP + _TALL - tall, width * (1 - _GAP), tall, kind))
        if place % every == 0:
            drawn.append(small_text(each.label, percent(place * width + width / 2), _TOP + _TALL + 1.2, "chart-head"))
    at = em(_TOP + _TALL * (1 - line))
    drawn.append(element("line", x1="0%", x2="100%", y1=at, y2=at, class_="chart-line"))
    drawn.append(text(line_label, percent(1), em(_TOP + _TALL * (1 - line) - 0.35), "chart-value"))
    return canvas(_TOP + _TALL + 1.6, summary, "columns", *drawn)
