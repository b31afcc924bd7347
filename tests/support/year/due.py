"""Every reason that is due in a region at a moment, from everything that was heard. One function per kind of reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from tests.support.year.duty import (
    Duty,
    behind_from,
    deadline_in_force,
    duty_of,
)
from tests.support.year.facts import AgencySaid, InnovationSaid, RegionSaid
from tests.support.year.known import Known
from tests.support.year.ladder import stage_on
from tests.support.year.local import local_day
from tests.support.year.quiet import alert_policy

Reason = tuple[str | int, ...]
"""Its kind, then the fields that make it (design §9)."""

MOVED_FOR = 30  # local days from the one on which it was set
CANCELLED_FOR = 7
NEWS_FOR = 7


def bound_to(reason: Reason) -> str:
    """The only channel that it may be told through, empty: any. An address is confirmed through its own."""
    return str(reason[4]) if is_confirmation(reason) else ""


def is_confirmation(reason: Reason) -> bool:
    """Whether it asks for an address."""
    return reason[0] == "contact" and reason[3] == "confirm"


def revision_of(reason: Reason, revision: int) -> int:
    """The address revision of its alert. revision: of the person. An address is asked for once, whatever becomes of the
    person's other one."""
    return int(reason[2]) if is_confirmation(reason) else revision


@dataclass(frozen=True)
class Asked:
    """A reason and whom it is for: the agency's officers and then heads; or the region's `roles`; or one person."""

    reason: Reason
    agency: str = ""
    roles: tuple[str, ...] = ()
    person: str = ""


def reasons_due(known: Known, region: RegionSaid, now: datetime) -> list[Asked]:
    """All reasons, whoever was told of them already."""
    agencies = [each for each in known.agencies.values() if each.region == region.region]
    years = sorted({each.year for each in region.deadlines})
    duties = [duty for agency in agencies for year in years if (duty := duty_of(known, agency, year, now)) is not None]
    return [
        *duty_stages(known, region, duties, now),
        *deadline_changes(region, duties, now),
        *innovation_news(known, region, agencies, now),
        *contact_matters(known, region, now),
        *registry_behind(region, duties, now),
        *weekly(known, region, duties, now),
    ]


def duty_stages(known: Known, region: RegionSaid, duties: list[Duty], now: datetime) -> Iterator[Asked]:
    """Design §9: "A *reason* is: (agency, year, deadline's revision, stage, spell)"."""
    today = local_day(now, region.zone)
    ladder = alert_policy(known, region.region, today).ladder
    for duty in duties:
        stage = stage_on(duty, today, ladder)
        if stage:
            reason = ("duty", duty.agency, duty.year, duty.deadline.revision, stage, duty.spell)
            yield Asked(reason, agency=duty.agency)


def deadline_changes(region: RegionSaid, duties: list[Duty], now: datetime) -> Iterator[Asked]:
    """Design §9: "(region, year, deadline's revision, what happened)". Issue 9 §1.6: a moved deadline is announced;
    §2.2: "deadline moved, deadline cancelled" are stages of their own. A corrected decree number is no new revision."""
    today = local_day(now, region.zone)
    for duty in duties:
        deadline = duty.deadline
        if duty.before is None:
            continue
        age = (today - local_day(deadline.set_at, region.zone)).days
        moved = not deadline.cancelled and duty.asks
        if moved and 0 <= age < MOVED_FOR and today <= deadline.day:
            yield Asked(("deadline", region.region, duty.year, deadline.revision, "moved"), agency=duty.agency)
        off = duty.status == "exempted" and duty.ground == "cancelled"
        if off and 0 <= age < CANCELLED_FOR:
            yield Asked(("deadline", region.region, duty.year, deadline.revision, "cancelled"), agency=duty.agency)


def innovation_news(known: Known, region: RegionSaid, agencies: list[AgencySaid], now: datetime) -> Iterator[Asked]:
    """Design §9: "(innovation, turn, what happened)". Issue 9 §2.2: returned, verified, scored are stages of their own;
    "Facts marked `imported` for a past year tell nobody"."""
    today, here = local_day(now, region.zone), {each.id for each in agencies}
    for innovation in known.innovations.values():
        if innovation.agency not in here or (innovation.imported and innovation.year < today.year):
            continue
        for what in news_of(known, innovation, region, today):
            yield Asked(("innovation", innovation.id, innovation.turn, what), agency=innovation.agency)


def news_of(known: Known, innovation: InnovationSaid, region: RegionSaid, today: date) -> Iterator[str]:
    """Returned: while it is returned in that turn; verified and scored: for seven days."""
    fresh = 0 <= (today - local_day(innovation.status_since, region.zone)).days < NEWS_FOR
    if innovation.status == "returned":
        yield "returned"
    if innovation.status == "verified" and fresh:
        yield "verified"
    if fresh and is_scored(known, innovation):
        yield "scored"


def is_scored(known: Known, innovation: InnovationSaid) -> bool:
    """Issue 9 §2.2: "*scored* is told once per turn, when the card's `innovation_sequence` reaches the sequence that
    began the turn". A returned one has nothing new to score: it was told of the same evidence when it was submitted. A
    card made after a move that was not heard of yet is about a turn elsewhere."""
    score = known.scores.get(innovation.id)
    if score is None or innovation.status not in ("submitted", "verified"):
        return False
    if (score.agency, score.year) != (innovation.agency, innovation.year):
        return False
    return score.innovation_sequence >= known.turns[innovation.id, innovation.turn]


def contact_matters(known: Known, region: RegionSaid, now: datetime) -> Iterator[Asked]:
    """Design §9: "(contact, address revision, what happened)". Issue 9 §2.9: "a new address gets one message with a
    link that confirms it", each its own; "a bounced or wrong one flagged and told to the curator"."""
    today = local_day(now, region.zone)
    for id, person in known.people.items():
        if person.said.region != region.region or not person.valid_on(today):
            continue
        for channel in person.channels(today):
            if channel in person.new and channel not in person.confirmed:
                reason = ("contact", id, person.since[channel], "confirm", channel, person.address(channel))
                yield Asked(reason, person=id)
        if person.closed and not person.channels(today):
            yield Asked(("contact", id, person.revision, "unreachable"), roles=("curator",))


def registry_behind(region: RegionSaid, duties: list[Duty], now: datetime) -> Iterator[Asked]:
    """Issue 9 §1.3: "after twelve hours the curator gets one message per region with the ids that are missing;
    agencies are told nothing"."""
    for year in sorted({each.year for each in duties if each.waiting == "registry"}):
        deadline = deadline_in_force(region, year)
        if deadline is not None and now >= behind_from(deadline, region.zone):
            yield Asked(("deadline", region.region, year, deadline.revision, "registry-behind"), roles=("curator",))


def weekly(known: Known, region: RegionSaid, duties: list[Duty], now: datetime) -> Iterator[Asked]:
    """Design §9: "(region, ISO week with its ISO year, `2027-W01`), one list for all duty years". Issue 9 §2.2:
    "Curator, head of region and Sekda get lists: one reason per (region, ISO week), never one per agency". Due from its
    weekday until the week ends while a deadline of this or last year is in force."""
    today = local_day(now, region.zone)
    year, week, weekday = today.isocalendar()
    in_force = any(not each.deadline.cancelled and each.year in (today.year, today.year - 1) for each in duties)
    if in_force and weekday >= alert_policy(known, region.region, today).weekday:
        yield Asked(("report", region.region, f"{year}-W{week:02}"), roles=("curator", "executive"))
