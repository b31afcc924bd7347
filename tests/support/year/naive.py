"""Recomputes, from the whole list of facts, everything that must be handed over: to whom, when, by which channel, why.

Written from issue 9 and design §9 alone; it imports nothing of the service. It looks at all regions again at every
fact, at every opening of a day, at every report of a provider and, while a message waits, every quarter of an hour.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from tests.support.year.audience import Told, audience
from tests.support.year.delivery import Delivery
from tests.support.year.due import Reason, reasons_due
from tests.support.year.duty import behind_from, last_moment
from tests.support.year.facts import AlertPolicySaid, Fact, RegionSaid
from tests.support.year.known import Known
from tests.support.year.local import at_local, local_day
from tests.support.year.mail import Handed
from tests.support.year.provider import World
from tests.support.year.quiet import DEFAULT, may_send


class Naive:
    """One year, step by step. holidays: local days on which nothing is sent."""

    def __init__(self, facts: Sequence[Fact], end: datetime, holidays: frozenset[date] = frozenset()) -> None:
        self._facts = sorted(facts, key=lambda each: each.at)
        self._end = end
        self._holidays = holidays
        self._heard = 0
        self._moments = moments_of(self._facts, end)
        self.known = Known()
        self._delivery = Delivery(self.known, World(facts), self._look_again)

    def run(self) -> list[Handed]:
        """Everything that was handed over until `end`, in order."""
        heapq.heapify(self._moments)
        done: datetime | None = None
        while self._moments:
            moment = heapq.heappop(self._moments)
            if moment != done:
                self._step(moment)
            done = moment
        return self._delivery.handed

    def _look_again(self, moment: datetime) -> None:
        if moment <= self._end:
            heapq.heappush(self._moments, moment)

    def _step(self, now: datetime) -> None:
        while self._heard < len(self._facts) and self._facts[self._heard].at <= now:
            self.known.hear(self._facts[self._heard])
            self._heard += 1
        self._delivery.settle(now)
        for region in self.known.regions.values():
            while may_send(self.known, region, now, self._holidays):
                wanted = self._wanted(region, now)
                for person, reasons in wanted.items():
                    self._delivery.take(region, person, reasons, now)
                if not self._delivery.send(region, wanted, now):
                    break

    def _wanted(self, region: RegionSaid, now: datetime) -> dict[str, list[Reason]]:
        """Person → the reasons that are due for that person, told already or not."""
        wanted: dict[str, list[Reason]] = {}
        today, told = local_day(now, region.zone), Told(self._delivery.post, self._delivery.unheard)
        for asked in reasons_due(self.known, region, now):
            for person in audience(self.known, region, asked, today, told):
                mine = wanted.setdefault(person, [])
                if asked.reason not in mine:
                    mine.append(asked.reason)
        return wanted


def moments_of(facts: Sequence[Fact], end: datetime) -> list[datetime]:
    """When the answer may change by itself or by a fact: every fact, every opening of a day, every deadline."""
    regions = {each.region: each for each in facts if isinstance(each, RegionSaid)}
    moments = {each.at for each in facts} | behind_moments(facts)
    begin = min(moments, default=end)
    for said in [each for each in facts if isinstance(each, RegionSaid)]:
        for due in said.deadlines:
            last = last_moment(due, said.zone)
            moments |= {last, last + timedelta(seconds=1)}
    for region in regions.values():
        day = local_day(begin, region.zone)
        policies = [each for each in facts if isinstance(each, AlertPolicySaid) and each.region == region.region]
        openings = {each.quiet[1] for each in (DEFAULT, *policies)}
        while at_local(day, time(0), region.zone) <= end:
            moments |= {at_local(day, opening, region.zone) for opening in openings}
            day += timedelta(days=1)
    return sorted(each for each in moments if begin <= each <= end)


def behind_moments(facts: Sequence[Fact]) -> set[datetime]:
    """When the registry's answer to a deadline has been waited for long enough."""
    said = [each for each in facts if isinstance(each, RegionSaid)]
    return {behind_from(due, each.zone) for each in said for due in each.deadlines}
