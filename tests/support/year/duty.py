"""One agency's duty for one year, from everything that was heard. Each rule is one function with its sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shared.contracts.vocabulary import Zone
from tests.support.year.facts import AgencySaid, Due, InnovationSaid, PassedSaid, Policy, RegionSaid
from tests.support.year.known import Known
from tests.support.year.local import at_local, local, local_day

BEHIND_AFTER = timedelta(hours=12)


@dataclass(frozen=True)
class Duty:
    """status: open, fulfilled, overdue, exempted; waiting: `verification`, `registry` or empty; ground: why it owes
    nothing; spell: what opened it again; spell_day: the spell's first local day; before: the former deadline."""

    agency: str
    year: int
    status: str
    deadline: Due
    before: Due | None
    waiting: str = ""
    ground: str = ""
    spell: str = ""
    spell_day: date | None = None

    @property
    def asks(self) -> bool:
        """The agency has something to do: today's rule, an agency that waits for the curator or for the registry's
        answer is told nothing."""
        return self.status in ("open", "overdue") and not self.waiting


def duty_of(known: Known, agency: AgencySaid, year: int, now: datetime) -> Duty | None:
    """None: the region is not known, or has set no deadline for the year."""
    region = known.regions.get(agency.region)
    deadline = deadline_in_force(region, year) if region else None
    policy = policy_in_force(region, year) if region else None
    if region is None or deadline is None or policy is None:
        return None
    here = [each for each in known.of_agency(agency.id, year) if (each.agency, each.year) == (agency.id, year)]
    minimum = (policy.by_kind or {}).get(agency.kind, policy.minimum)
    ground = ground_of(known, agency, policy, deadline)
    status, waiting = "open", ""
    if len([each for each in here if counts(each, policy)]) >= minimum:
        # "fulfilled wins, the ground stands beside it" (issue 9 §1.9)
        status = "fulfilled"
    elif ground:
        status = "exempted"
    elif policy.verified and awaits_curator(here, policy, deadline, region.zone) >= minimum:
        waiting = "verification"
    elif is_past(deadline, region.zone, now):
        if registry_answered(known, agency, year, deadline):
            status = "overdue"
        else:
            waiting = "registry"
    spell, since = spell_of(known, agency.id, year) if status in ("open", "overdue") else ("", None)
    return Duty(
        agency.id,
        year,
        status,
        deadline,
        before(region, deadline),
        waiting,
        ground,
        spell,
        local_day(since, region.zone) if since else None,
    )


def policy_in_force(region: RegionSaid, year: int) -> Policy | None:
    """Domain §1: "In force for Y: of the revisions with `from_year` ≤ Y those with the greatest `from_year`, of these
    the newest." """
    begun = [each for each in region.policies if each.from_year <= year]
    return max(begun, key=lambda each: (each.from_year, each.revision), default=None)


def deadline_in_force(region: RegionSaid, year: int) -> Due | None:
    """The highest revision is in force, the lower ones are its history (contracts/region)."""
    return max((each for each in region.deadlines if each.year == year), key=lambda each: each.revision, default=None)


def before(region: RegionSaid, deadline: Due) -> Due | None:
    """The deadline that this one replaced."""
    former = [each for each in region.deadlines if each.year == deadline.year and each.revision < deadline.revision]
    return max(former, key=lambda each: each.revision, default=None)


def last_moment(deadline: Due, zone: Zone) -> datetime:
    """The moment that ends the deadline: its hour, else the midnight after its day."""
    if deadline.hour is not None:
        return at_local(deadline.day, deadline.hour, zone)
    return at_local(deadline.day + timedelta(days=1), time(0), zone)


def behind_from(deadline: Due, zone: Zone) -> datetime:
    """Issue 9 §1.3: "after twelve hours" of waiting; for a deadline that had passed when it was set, from then."""
    return max(last_moment(deadline, zone), deadline.set_at) + BEHIND_AFTER


def is_past(deadline: Due, zone: Zone, now: datetime) -> bool:
    """A deadline with an hour is past after that moment, one without after its local day (contracts/region)."""
    return not in_time(now, deadline, zone)


def in_time(moment: datetime, deadline: Due, zone: Zone) -> bool:
    """Contracts/region: "a submission at exactly that moment is in time"; domain §1: "On time is judged by the moment
    of the first submission." """
    there = local(moment, zone)
    if there.date() != deadline.day or deadline.hour is None:
        return there.date() <= deadline.day
    return there.time() <= deadline.hour


def counts(innovation: InnovationSaid, policy: Policy) -> bool:
    """Domain §1: "What counts as fulfilment is the region's policy: `submitted` or `verified`"; "a withdrawn one never
    counts"; of the community: "the policy says whether it counts"."""
    wanted = ("verified",) if policy.verified else ("submitted", "verified")
    return innovation.status in wanted and (policy.community or not innovation.community)


def awaits_curator(here: list[InnovationSaid], policy: Policy, deadline: Due, zone: Zone) -> int:
    """Domain §1: "Where the policy asks for `verified`: an innovation first submitted in time and neither returned nor
    withdrawn keeps its obligation `open`, *waiting for verification*, past the deadline." """
    return sum(
        each.status in ("submitted", "verified")
        and each.first_submitted_at is not None
        and in_time(each.first_submitted_at, deadline, zone)
        and (policy.community or not each.community)
        for each in here
    )


def ground_of(known: Known, agency: AgencySaid, policy: Policy, deadline: Due) -> str:
    """Why the agency owes nothing for the year. Cancelled: the year has no duty (contracts/region). Domain §1: "An
    agency can be exempted for a year with a decree's number"; "one that retires on or before the deadline owes nothing
    for that year"; "An agency owes from the year of its registration unless said otherwise"."""
    exemption = known.exemptions.get((agency.id, deadline.year))
    if exemption and exemption.in_force:
        return "decree"
    if agency.retired_on is not None and agency.retired_on <= deadline.day:
        return "retired"
    if agency.kind not in policy.kinds or (agency.obliged_from is not None and deadline.year < agency.obliged_from):
        return "not_obliged"
    return "cancelled" if deadline.cancelled else ""


def registry_answered(known: Known, agency: AgencySaid, year: int, deadline: Due) -> bool:
    """Issue 9 §1.3: overdue only when "`deadline.passed` of that very revision was heard, and every innovation it names
    for this agency is among the duty's kept facts with a first submission, wherever it is assigned now"."""
    heard = known.passed.get((agency.region, year))
    if heard is None or heard.revision != deadline.revision:
        return False
    kept = {each.id for each in known.of_agency(agency.id, year) if each.first_submitted_at is not None}
    return set(named(heard, agency.id)) <= kept


def named(heard: PassedSaid, agency: str) -> tuple[str, ...]:
    """The innovations that the answer names for the agency."""
    return dict(heard.submitted).get(agency, ())


def spell_of(known: Known, agency: str, year: int) -> tuple[str, datetime | None]:
    """Design §9: "*Spell* is empty, or `<innovation>/<turn>` of the innovation, once submitted and now returned,
    withdrawn or moved away, with the latest `status_since` (ties by id), or `exemption/<n>` if lifting one came
    later"."""
    gone = [
        turn_that_left(known, each, agency, year)
        for each in known.of_agency(agency, year)
        if each.first_submitted_at is not None
        and (each.status in ("returned", "withdrawn") or (each.agency, each.year) != (agency, year))
    ]
    latest = max(gone, key=lambda each: (each.status_since, each.id), default=None)
    exemption = known.exemptions.get((agency, year))
    lifted_at = exemption.lifted_at if exemption and not exemption.in_force else None
    if exemption and lifted_at and (latest is None or lifted_at > latest.status_since):
        return f"exemption/{exemption.lifts}", lifted_at
    return (f"{latest.id}/{latest.turn}", latest.status_since) if latest else ("", None)


def turn_that_left(known: Known, innovation: InnovationSaid, agency: str, year: int) -> InnovationSaid:
    """The turn that took it away: its present one while it is assigned here, else the first that was heard of it
    elsewhere after the last that was heard of it here. What becomes of it elsewhere opens nothing here again."""
    heard = sorted(known.heard[innovation.id], key=lambda each: each.turn)
    here = [each.turn for each in heard if (each.agency, each.year) == (agency, year)]
    if (innovation.agency, innovation.year) == (agency, year):
        return innovation
    return next(each for each in heard if each.turn > max(here, default=-1))
