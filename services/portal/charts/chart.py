"""A chart with what stands beside it: its title, its summary, and the table with the same figures."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True)
class LegendEntry:
    """One mark of a chart and its meaning. mark: the class of the mark in `static/charts.css`."""

    mark: str
    words: str


@dataclass(frozen=True)
class Twin:
    """The same figures as a table. heads: of the columns; rows: the first cell of each is its head; figures: the
    columns of numbers, counted from 0, which are aligned to the right."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Chart:
    """Drawn by `templates/charts/figure.html`. note: what a reader must know, such as the source."""

    title: str
    svg: Markup
    twin: Twin
    legend: tuple[LegendEntry, ...] = ()
    note: str = ""
