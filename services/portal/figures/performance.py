"""How many messages were handed over within the promised time, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from services.portal.charts.chart import Chart, Twin
from services.portal.charts.columns import Column, columns
from services.portal.pages.formats import day, number
from services.portal.pages.language import _


class DayShare(Protocol):
    """A day's figures."""

    @property
    def day(self) -> date:
        """Of Western Indonesia."""

    @property
    def handed_over(self) -> int:
        """Messages that a provider accepted."""

    @property
    def within_promise(self) -> int:
        """Those of them that were within the promised time."""

    @property
    def longest_seconds(self) -> float:
        """The longest of them."""


def performance_chart(days: Sequence[DayShare], promised: float) -> Chart:
    """Columns of the days that have any, the newest at the right. promised: the share of all that was promised, 0…1."""
    shown = sorted((each for each in days if each.handed_over), key=lambda each: each.day)
    title = _("Pesan terkirim tepat waktu per hari")
    drawn = [Column(str(each.day.day), each.within_promise / each.handed_over) for each in shown]
    promise = f"{number(round(100 * promised, 1))} %"
    summary = _("{title}: {days} hari, garis janji {promise}.").format(title=title, days=len(shown), promise=promise)
    rows = tuple(
        (
            day(each.day),
            number(each.handed_over),
            number(each.within_promise),
            _("{seconds} detik").format(seconds=number(round(each.longest_seconds, 1))),
        )
        for each in reversed(shown)
    )
    heads = (_("Hari"), _("Pesan"), _("Tepat waktu"), _("Terlama"))
    return Chart(title, columns(drawn, promised, promise, summary), Twin(heads, rows, frozenset({1, 2, 3})))
