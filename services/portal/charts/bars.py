"""Bars by group, each with what is verified and what is claimed: the maturity by group of indicators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from services.portal.charts.svg import bar, canvas, em, percent, text
from services.portal.charts.words import shortened

_PITCH, _TOP, _HEIGHT = 3.1, 1.5, 0.85  # em from bar to bar, from a label's top to its bar, of a bar
_LABEL = 36  # characters that fit at 300 px
_LONG = 0.76  # of the width: of the bar for 100 %; the figure stands at its right


@dataclass(frozen=True)
class Bar:
    """A group. share: of the most that is possible, 0…1; claimed: likewise, drawn as an outline behind it, None: there
    is none; value: the figure in words, such as `62,5 %`."""

    label: str
    value: str
    share: float
    claimed: float | None = None


def bars(groups: Sequence[Bar], summary: str) -> Markup:
    """One bar below the other, its name above it."""
    drawn = [mark for place, each in enumerate(groups) for mark in _bar(each, place * _PITCH)]
    return canvas(len(groups) * _PITCH, summary, "bars", *drawn)


def _bar(each: Bar, top: float) -> list[Markup]:
    at = top + _TOP
    marks = [
        text(shortened(each.label, _LABEL), "0", em(top + 1), "chart-label"),
        text(each.value, percent(1), em(at + 0.75), "chart-value"),
        bar(0, at, _LONG, _HEIGHT, "chart-track"),
    ]
    if each.claimed is not None:
        marks.append(bar(0, at, _LONG * _within(each.claimed), _HEIGHT, "chart-claimed"))
    marks.append(bar(0, at, _LONG * _within(each.share), _HEIGHT, "chart-verified"))
    return marks


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))
