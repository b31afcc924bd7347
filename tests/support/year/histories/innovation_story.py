"""The life of one innovation: drafted, submitted, returned, verified, withdrawn, moved, scored; often heard late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from tests.support.year.facts import Fact, InnovationSaid, Scored
from tests.support.year.histories.agency_story import AgencyStory
from tests.support.year.histories.region_story import RegionStory
from tests.support.year.local import local_day

NEXT: dict[str, dict[str, int]] = {
    "draft": {"submitted": 9, "stop": 1},
    "submitted": {"returned": 35, "verified": 35, "withdrawn": 8, "moved": 12, "stop": 10},
    "returned": {"submitted": 65, "withdrawn": 10, "moved": 5, "stop": 20},
    "verified": {"withdrawn": 12, "moved": 10, "returned": 5, "stop": 73},
    "withdrawn": {"stop": 1},
}


@dataclass
class InnovationStory:
    """turns: in the order in which they happened; facts: as they are heard."""

    turns: list[InnovationSaid] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)


def innovation_of(agency: AgencyStory, others: Sequence[AgencyStory]) -> InnovationStory | None:
    """None when the agency does not exist at that time."""
    region, dice = agency.region, agency.region.dice
    year = _year(region)
    when = _first_moment(region, year)
    if not agency.acts_on(when):
        return None
    said = InnovationSaid(
        at=when,
        id=dice.id(),
        region=region.code,
        agency=agency.id,
        year=year,
        status="draft",
        turn=0,
        status_since=when,
        sequence=_milliseconds(when),
        community=dice.chance(0.2),
    )
    story = InnovationStory()
    if dice.chance(0.5):
        _add(region, story, said)
    for _ in range(dice.randint(1, 7)):
        step = dice.one_of(NEXT[said.status])
        owner = next((each for each in (agency, *others) if each.id == said.agency), agency)
        if step == "stop" or not owner.acts_on(when):
            break
        said = _moved(region, said, others) if step == "moved" else _turned(said, step, when)
        said = replace(said, turn=said.turn + 1, status_since=when, sequence=_milliseconds(when))
        _add(region, story, said)
        _score(region, story, said)
        day = local_day(when, region.zone)
        gap = dice.choice([0, 0, 1, 3, 6, 10, 20, 30])
        when = region.moment(day + timedelta(days=gap), day + timedelta(days=gap + 3))
        if when <= said.status_since:
            break
    return story


def imported_of(agency: AgencyStory) -> InnovationStory:
    """One from a former system, verified last year: it tells nobody."""
    region, dice = agency.region, agency.region.dice
    when = region.moment(region.begin, region.begin + timedelta(days=20))
    said = InnovationSaid(
        at=when,
        id=dice.id(),
        region=region.code,
        agency=agency.id,
        year=region.year - 1,
        status="verified",
        turn=2,
        status_since=when,
        sequence=_milliseconds(when),
        first_submitted_at=when - timedelta(days=200),
        verified_at=when,
        imported=True,
    )
    story = InnovationStory()
    _add(region, story, said)
    _score(region, story, said)
    return story


def _year(region: RegionStory) -> int:
    years = {region.year: 12, region.year + 1: 2}
    if region.final(region.year - 1):
        years[region.year - 1] = 4
    return region.dice.one_of(years)


def _first_moment(region: RegionStory, year: int) -> datetime:
    due = region.final(year)
    middle = due.day if due else date(year, 6, 30)
    early, late = middle - timedelta(days=65), middle + timedelta(days=35)
    match region.dice.one_of({"early": 3, "near": 5, "last": 1, "late": 2}):
        case "early":
            return region.moment(region.begin, early)
        case "near":
            return region.moment(early, middle)
        case "last":
            return region.moment(middle, middle)
        case _:
            return region.moment(middle + timedelta(days=1), late)


def _turned(said: InnovationSaid, status: str, when: datetime) -> InnovationSaid:
    return replace(
        said,
        status=status,
        first_submitted_at=said.first_submitted_at or when,
        verified_at=when if status == "verified" else said.verified_at,
    )


def _moved(region: RegionStory, said: InnovationSaid, others: Sequence[AgencyStory]) -> InnovationSaid:
    """To another agency, or to another year."""
    left = (said.agency, said.year)
    places = [(each.id, said.year) for each in others if each.steady]
    places += [(said.agency, said.year + n) for n in (-1, 1) if region.final(said.year + n)]
    agency, year = region.dice.choice([each for each in places if each != left] or [left])
    former = tuple(sorted({*said.former, left} - {(agency, year)}))
    return replace(said, agency=agency, year=year, former=former)


def _add(region: RegionStory, story: InnovationStory, said: InnovationSaid) -> None:
    dice = region.dice
    delays = {
        timedelta(seconds=2): 88,
        timedelta(minutes=dice.randint(1, 50)): 4,
        timedelta(hours=dice.randint(1, 20)): 8,
    }
    story.turns.append(said)
    story.facts.append(replace(said, at=dice.unique(said.status_since + dice.one_of(delays))))


def _score(region: RegionStory, story: InnovationStory, said: InnovationSaid) -> None:
    dice = region.dice
    if said.status not in ("submitted", "returned", "verified") or dice.chance(0.07):
        return
    delays = {
        timedelta(minutes=dice.randint(1, 9)): 80,
        timedelta(days=dice.randint(1, 5)): 10,
        timedelta(days=dice.randint(7, 12)): 10,
    }
    at = dice.unique(said.status_since + dice.one_of(delays))
    # a card that is heard late was made in time: the next turn's card is newer
    card = Scored(at, said.id, said.region, said.agency, said.year, said.sequence, said.sequence + 1)
    story.facts.append(card)
    if dice.chance(0.15):
        again = dice.unique(at + timedelta(hours=dice.randint(2, 50)))
        story.facts.append(replace(card, at=again, sequence=card.sequence + 1))


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
