"""A random year of several regions, and the turn to the next: every fact that notifications hears, by one seed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from shared.contracts.vocabulary import Zone
from tests.support.year.duty import in_time
from tests.support.year.facts import Due, Fact, Outage, PassedSaid
from tests.support.year.histories.agency_story import AgencyStory, agency_of
from tests.support.year.histories.dice import Dice
from tests.support.year.histories.innovation_story import InnovationStory, imported_of, innovation_of
from tests.support.year.histories.people_story import People
from tests.support.year.histories.region_story import RegionStory
from tests.support.year.local import at_local
from tests.support.year.provider import EMAIL, WHATSAPP

PLACES = (("61.12", Zone.WIB_PONTIANAK), ("64.09", Zone.WITA), ("91.71", Zone.WIT))
HOLIDAYS = Path(__file__).parents[4] / "services/notifications/reminders/holidays"
YEARS = (2026, 2027, 2028)  # 2028 has a 29 February


@dataclass(frozen=True)
class History:
    """facts: in the order in which they are heard."""

    seed: int
    year: int
    facts: tuple[Fact, ...]
    begin: datetime
    end: datetime
    holidays: frozenset[date]


def history_of(seed: int, agencies: int = 20) -> History:
    """One history of so many agencies in three regions."""
    dice = Dice(seed)
    year = dice.choice(YEARS)
    facts: list[Fact] = []
    regions: list[RegionStory] = []
    for number, (code, zone) in enumerate(PLACES):
        region = RegionStory(dice, code, zone, year)
        region.write()
        regions.append(region)
        facts += _of_region(region, agencies // 3 + (number < agencies % 3), first_number=number * 100_000)
    facts += _outages(dice, regions)
    end = at_local(regions[0].end, time(12), Zone.WIT).astimezone(UTC)
    facts = sorted((each for each in facts if each.at <= end), key=lambda each: each.at)
    return History(seed, year, tuple(facts), facts[0].at, end, holidays_of(year) | holidays_of(year + 1))


def holidays_of(year: int) -> frozenset[date]:
    """As the service's own dated file says; a year without one has none."""
    path = HOLIDAYS / f"{year}.json"
    if not path.exists():
        return frozenset()
    return frozenset(date.fromisoformat(each["day"]) for each in json.loads(path.read_text("utf-8"))["days"])


def _of_region(region: RegionStory, count: int, first_number: int) -> list[Fact]:
    dice = region.dice
    agencies = [agency_of(region) for _ in range(count)]
    innovations: list[InnovationStory] = []
    for agency in agencies:
        for _ in range(dice.one_of({0: 20, 1: 35, 2: 25, 3: 12, 5: 8})):
            story = innovation_of(agency, [each for each in agencies if each is not agency])
            innovations += [story] if story else []
        innovations += [imported_of(agency)] if dice.chance(0.1) else []
    people = _people(region, agencies, first_number)
    facts = [*region.facts, *people.facts, *_answers(region, innovations)]
    facts += [fact for agency in agencies for fact in agency.facts]
    return facts + [fact for innovation in innovations for fact in innovation.facts]


def _people(region: RegionStory, agencies: Sequence[AgencyStory], first_number: int) -> People:
    dice, people = region.dice, People(region, first_number)
    for agency in agencies:
        for _ in range(dice.one_of({0: 8, 1: 62, 2: 30})):
            others = [each.id for each in agencies if each.known_at < agency.known_at and dice.chance(0.1)]
            people.add("officer", tuple(sorted({agency.id, *others[:1]})), agency.known_at)
        if dice.chance(0.75):
            people.add("head", (agency.id,), agency.known_at)
    start = max((each.known_at for each in agencies), default=region.facts[0].at)
    begin = min(start, region.facts[0].at + timedelta(days=1))
    for role, weights in (("curator", {1: 4, 2: 1}), ("executive", {0: 3, 1: 3})):
        for _ in range(dice.one_of(weights)):
            people.add(role, (), begin)
    return people


def _answers(region: RegionStory, innovations: Sequence[InnovationStory]) -> list[Fact]:
    """What the registry says of each deadline, sometimes hours late, and again when the answer has changed."""
    dice, facts = region.dice, list[Fact]()
    for at, due in region.answers():
        answer = _answer(region, innovations, due, at)
        delay = dice.one_of({0: 80, dice.randint(1, 9): 12, dice.randint(13, 40): 8})
        heard = dice.unique(at + timedelta(hours=delay))
        facts.append(replace(answer, at=heard))
        for later in sorted(turn.status_since for each in innovations for turn in each.turns if turn.former):
            again = _answer(region, innovations, due, later)
            if heard < later < at + timedelta(days=30) and again.submitted != answer.submitted:
                facts.append(replace(again, at=dice.unique(later + timedelta(minutes=dice.randint(5, 55)))))
                answer = again
    return facts


def _answer(region: RegionStory, innovations: Sequence[InnovationStory], due: Due, at: datetime) -> PassedSaid:
    named: dict[str, set[str]] = {}
    for story in innovations:
        turns = [each for each in story.turns if each.status_since <= at and each.first_submitted_at]
        first = turns[0].first_submitted_at if turns else None
        if first is None or not in_time(first, due, region.zone):
            continue
        now = turns[-1]
        for agency, year in ((now.agency, now.year), *now.former):
            if year == due.year:
                named.setdefault(agency, set()).add(now.id)
    submitted = tuple((agency, tuple(sorted(ids))) for agency, ids in sorted(named.items()))
    return PassedSaid(at, region.code, due.year, due.revision, due.day, due.hour, submitted)


def _outages(dice: Dice, regions: Sequence[RegionStory]) -> list[Fact]:
    """Of an hour and of two days, on days on which something is due. They end in the morning, so that nothing depends
    on minutes before the quiet hours."""
    facts: list[Fact] = []
    days = [day for region in regions for day in region.told_days()]
    for channel in (EMAIL, WHATSAPP):
        for _ in range(dice.randint(0, 3)):
            day = dice.choice(days)
            until = at_local(day, time(dice.randint(9, 10), dice.randint(3, 50)), Zone.WIB)
            begin = until - dice.choice([timedelta(hours=1), timedelta(hours=3), timedelta(hours=9), timedelta(days=2)])
            facts.append(Outage(dice.unique(begin), channel, dice.unique(until)))
    return facts
