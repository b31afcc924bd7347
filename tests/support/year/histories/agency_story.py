"""The agencies of a region: founded, retired, reinstated, exempted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from tests.support.year.facts import AgencySaid, Exempted, Fact
from tests.support.year.histories.region_story import KINDS, RegionStory
from tests.support.year.local import local_day


@dataclass
class AgencyStory:
    """known_at: when it was first heard of; steady: it exists the whole time."""

    region: RegionStory
    id: str
    known_at: datetime
    steady: bool = True
    retired_on: date | None = None
    facts: list[Fact] = field(default_factory=list)

    def acts_on(self, moment: datetime) -> bool:
        """Whether it exists then."""
        day = local_day(moment, self.region.zone)
        return moment > self.known_at and (self.retired_on is None or day < self.retired_on)


def agency_of(region: RegionStory) -> AgencyStory:
    """One agency with its whole life."""
    dice, year = region.dice, region.year
    founded = dice.chance(0.12)
    first = region.begin + timedelta(days=30) if founded else region.begin
    at = region.moment(first, date(year, 11, 30) if founded else region.begin)
    said = AgencySaid(at, dice.id(), region.code, dice.choice(KINDS))
    if founded:
        said = replace(said, obliged_from=dice.choice([year, year, year + 1]))
    story = AgencyStory(region, said.id, at, steady=not founded, facts=[said])
    if dice.chance(0.15):
        _retire(story, said)
    if dice.chance(0.18):
        _exempt(story)
    return story


def _retire(story: AgencyStory, said: AgencySaid) -> None:
    region, dice = story.region, story.region.dice
    due = region.final(region.year)
    middle = due.day if due else date(region.year, 7, 1)
    first = local_day(said.at, region.zone) + timedelta(days=40)
    at = region.moment(max(first, middle - timedelta(days=50)), middle + timedelta(days=15))
    if at <= said.at:
        return
    day = local_day(at, region.zone) + timedelta(days=dice.choice([0, 0, 5, 30]))
    story.steady, story.retired_on = False, day
    story.facts.append(replace(said, at=at, retired_on=day))
    back = region.moment(day + timedelta(days=2), day + timedelta(days=40))
    if back > at and dice.chance(0.4):
        story.facts.append(replace(said, at=back))


def _exempt(story: AgencyStory) -> None:
    region, dice = story.region, story.region.dice
    due = region.final(region.year)
    last = due.day + timedelta(days=15) if due else region.end
    at = region.moment(local_day(story.known_at, region.zone) + timedelta(days=3), last)
    year = region.year + dice.one_of({0: 8, 1: 1})
    for lifted in (False, True, False, True):
        if at <= story.known_at:
            return
        story.facts.append(Exempted(at, region.code, story.id, year, lifted))
        day = local_day(at, region.zone)
        after = region.moment(day + timedelta(days=2), day + timedelta(days=45))
        if after <= at or dice.chance(0.35):
            return
        at = after
