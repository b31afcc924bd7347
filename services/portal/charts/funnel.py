"""The stage funnel: how many innovations are at each stage, from the first to the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from services.portal.charts.svg import bar, canvas, em, percent, text
from services.portal.charts.words import shortened

_PITCH, _TOP, _HEIGHT = 3.6, 1.4, 1.4  # em
_LABEL = 30  # characters
_LEAST = 0.012  # of the width: a stage with few innovations is still seen


@dataclass(frozen=True)
class FunnelStage:
    """A stage. value: the figure in words."""

    label: str
    count: int
    value: str


def funnel(stages: Sequence[FunnelStage], summary: str) -> Markup:
    """Centered bars, as wide as their counts."""
    most = max((each.count for each in stages), default=0)
    drawn = [
        mark for place, each in enumerate(stages) for mark in _stage(each, place * _PITCH, each.count / (most or 1))
    ]
    return canvas(len(stages) * _PITCH, summary, "funnel", *drawn)


def _stage(each: FunnelStage, top: float, share: float) -> list[Markup]:
    wide = max(share, _LEAST) if each.count else 0.0
    marks = [
        text(shortened(each.label, _LABEL), "0", em(top + 1), "chart-label"),
        text(each.value, percent(1), em(top + 1), "chart-value"),
        bar(0, top + _TOP, 1, _HEIGHT, "chart-track"),
    ]
    if wide:
        marks.append(bar((1 - wide) / 2, top + _TOP, wide, _HEIGHT, "chart-stage"))
    return marks
