"""The gauge of the regional index: an arc from 0 to 100 with the edges of the predicates, the verified index and, as a
thin line outside, the claimed one.

It is drawn in a box of its own units, which keeps its form; its text is 13 to 16 px at any width of 300 px or more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi, sin

from markupsafe import Markup

from services.portal.charts.svg import element, text

_WIDTH, _HEIGHT = 320, 196
_CENTER = (160.0, 158.0)
_RADIUS, _BAND, _OUTER = 112.0, 26.0, 133.0
_TICK = (94.0, 140.0)  # from … to, of an edge
_WORDS = 149.0  # the radius on which an edge's figure stands
_MOST = 100.0
_STEP = 0.35  # points of the index: half of the gap at an edge


@dataclass(frozen=True)
class GaugeEdge:
    """The least index of a predicate. shown: as printed, `40,01`."""

    least: float
    shown: str


@dataclass(frozen=True)
class Gauge:
    """index: the verified one, 0…100; shown: as printed; predicate: its name; claimed: the forecast, None: none; edges:
    of the predicates above the lowest."""

    index: float
    shown: str
    predicate: str
    edges: Sequence[GaugeEdge]
    claimed: float | None = None


def gauge(it: Gauge, summary: str) -> Markup:
    """The arc with its figure in the middle."""
    drawn = [*_track(it.edges), *_value(it)]
    if it.claimed is not None:
        drawn.append(element("path", d=_arc(0, it.claimed, _OUTER), class_="chart-arc-claimed"))
    drawn += [mark for edge in it.edges for mark in _edge(edge)]
    drawn += [
        text("0", _number(_CENTER[0] - _RADIUS), _number(_CENTER[1] + 20), "chart-end"),
        text("100", _number(_CENTER[0] + _RADIUS), _number(_CENTER[1] + 20), "chart-end"),
        text(it.shown, _number(_CENTER[0]), _number(_CENTER[1] - 18), "chart-figure"),
        text(it.predicate, _number(_CENTER[0]), _number(_CENTER[1] + 8), "chart-predicate"),
    ]
    return element(
        "svg",
        *drawn,
        class_="chart chart-gauge",
        role="img",
        aria_label=summary,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
    )


def _track(edges: Sequence[GaugeEdge]) -> list[Markup]:
    ends = [0.0, *(edge.least for edge in edges), _MOST]
    return [
        element("path", d=_arc(*_inside(low, high), _RADIUS), class_="chart-arc-track") for low, high in pairwise(ends)
    ]


def _value(it: Gauge) -> list[Markup]:
    ends = [0.0, *(edge.least for edge in it.edges), _MOST]
    drawn = []
    for low, high in pairwise(ends):
        first, last = _inside(low, high)
        last = min(last, it.index)
        if last > first:
            drawn.append(element("path", d=_arc(first, last, _RADIUS), class_="chart-arc-value"))
    return drawn


def _inside(low: float, high: float) -> tuple[float, float]:
    return (low + _STEP if low > 0 else low), (high - _STEP if high < _MOST else high)


def _edge(edge: GaugeEdge) -> list[Markup]:
    inner, outer, words = _point(edge.least, _TICK[0]), _point(edge.least, _TICK[1]), _point(edge.least, _WORDS)
    anchor = "end" if words[0] < _CENTER[0] - 8 else "start" if words[0] > _CENTER[0] + 8 else "middle"
    line = element(
        "line",
        x1=_number(inner[0]),
        y1=_number(inner[1]),
        x2=_number(outer[0]),
        y2=_number(outer[1]),
        class_="chart-tick",
    )
    return [line, text(edge.shown, _number(words[0]), _number(words[1]), "chart-edge", text_anchor=anchor)]


def _arc(low: float, high: float, radius: float) -> str:
    first, last = _point(low, radius), _point(min(high, _MOST), radius)
    r = _number(radius)
    return f"M{_number(first[0])} {_number(first[1])}A{r} {r} 0 0 1 {_number(last[0])} {_number(last[1])}"


def _point(index: float, radius: float) -> tuple[float, float]:
    angle = pi * (1 - index / _MOST)
    return _CENTER[0] + radius * cos(angle), _CENTER[1] - radius * sin(angle)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
