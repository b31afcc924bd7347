"""Derives one agency's obligation for one year from the known facts and the current time. Pure.

Sources: the region's circular as policy data (Kubu Raya, Banjar: at least one innovation per agency and year); the
rules on which time decides, on waiting for verification and on re-opening are this system's own (docs/glossary).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from services.notifications.obligations.deadlines import in_time, local_date
from services.notifications.obligations.facts import Facts, InnovationFact, RegionFact
from shared.contracts.contract import AnyContract
from shared.contracts.obligation import (
    OBLIGATION_EXEMPTED,
    OBLIGATION_FULFILLED,
    OBLIGATION_OPENED,
    OBLIGATION_OVERDUE,
    ObligationState,
)
from shared.contracts.vocabulary import CountsWhen, InnovationStatus, ObligationStatus

VERIFICATION = "verification"

CONTRACT_OF: dict[ObligationStatus, AnyContract] = {
    ObligationStatus.OPEN: OBLIGATION_OPENED,
    ObligationStatus.FULFILLED: OBLIGATION_FULFILLED,
    ObligationStatus.OVERDUE: OBLIGATION_OVERDUE,
    ObligationStatus.EXEMPTED: OBLIGATION_EXEMPTED,
}

_COUNTING = {
    CountsWhen.SUBMITTED: frozenset({InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED}),
    CountsWhen.VERIFIED: frozenset({InnovationStatus.VERIFIED}),
}


class MissingFact(StrEnum):
    """The fact that must be known before an obligation can be derived. DEADLINE: the region has set none for this year,
    so there is no obligation."""

    AGENCY = "agency"
    REGION = "region"
    DEADLINE = "deadline"


class ObligationPhase(StrEnum):
    """The state of an obligation as queries need it: the public status, but WAITING is open while enough innovations
    await the curator, and UNKNOWN lacks a fact."""

    OPEN = "open"
    WAITING = "waiting"
    OVERDUE = "overdue"
    FULFILLED = "fulfilled"
    EXEMPTED = "exempted"
    UNKNOWN = "unknown"


def derive(facts: Facts, now: datetime) -> ObligationState | MissingFact:
    """The obligation's public state at business time `now`, or the fact that is missing."""
    if facts.agency is None:
        return MissingFact.AGENCY
    if facts.region is None:
        return MissingFact.REGION
    if facts.region.deadline is None:
        return MissingFact.DEADLINE
    region, deadline = facts.region, facts.region.deadline
    eligible = [each for each in facts.innovations if _eligible(each, region)]
    counted = [each for each in eligible if each.status in _COUNTING[region.counts_when]]
    base = ObligationState(
        agency=facts.agency_id,
        region=region.code,
        year=facts.year,
        status=ObligationStatus.OPEN,
        minimum=region.minimum,
        deadline=deadline.date,
        deadline_revision=deadline.revision,
        counted=tuple(sorted(each.id for each in counted)),
    )
    return base.model_copy(update=_status(facts, region, deadline.date, eligible=eligible, counted=counted, now=now))


def phase_of(outcome: ObligationState | MissingFact) -> ObligationPhase:
    """The phase that is indexed for `outcome`."""
    if isinstance(outcome, MissingFact):
        return ObligationPhase.UNKNOWN
    return ObligationPhase.WAITING if outcome.waiting else ObligationPhase(outcome.status)


def _status(
    facts: Facts,
    region: RegionFact,
    deadline: date,
    *,
    eligible: list[InnovationFact],
    counted: list[InnovationFact],
    now: datetime,
) -> dict[str, object]:
    ground = _ground(facts)
    if ground:
        return {"status": ObligationStatus.EXEMPTED, "ground": ground}
    if len(counted) >= region.minimum:
        return {"status": ObligationStatus.FULFILLED, **_fulfilment(counted, region)}
    if region.counts_when is CountsWhen.VERIFIED and _awaits_curator(eligible, region):
        return {"waiting": VERIFICATION}
    overdue = local_date(now, region.zone) > deadline
    return {"status": ObligationStatus.OVERDUE} if overdue else {}


def _eligible(innovation: InnovationFact, region: RegionFact) -> bool:
    submitted = innovation.first_submitted_at is not None and innovation.status is not InnovationStatus.DRAFT
    return innovation.here and submitted and (region.community_counts or not innovation.community)


def _ground(facts: Facts) -> str | None:
    agency, region = facts.agency, facts.region
    if agency is None or region is None:
        return None
    if facts.exemption is not None and facts.exemption.in_force:
        return "decree"
    if agency.retired and (agency.retired_on is None or agency.retired_on.year <= facts.year):
        return "retired"
    too_early = agency.obliged_from is not None and facts.year < agency.obliged_from
    return "not_obliged" if too_early or agency.kind not in region.obliged_kinds else None


def _first_submissions(innovations: list[InnovationFact]) -> list[datetime]:
    return sorted(each.first_submitted_at for each in innovations if each.first_submitted_at is not None)


def _fulfilment(counted: list[InnovationFact], region: RegionFact) -> dict[str, object]:
    """Whether it was on time depends on the first submissions, not on when the curator verifies. The time of fulfilment
    is that at which the last innovation needed began to count."""
    enough = region.minimum - 1
    submissions = _first_submissions(counted)
    times = submissions
    if region.counts_when is CountsWhen.VERIFIED:
        times = sorted(each.verified_at or each.first_submitted_at for each in counted if each.first_submitted_at)
    on_time = region.deadline is not None and in_time(submissions[enough], region.deadline.date, region.zone)
    return {"on_time": on_time, "fulfilled_at": times[enough]}


def _awaits_curator(eligible: list[InnovationFact], region: RegionFact) -> bool:
    """Whether the innovations that were first submitted in time, and are neither returned nor withdrawn, would be
    enough."""
    active = frozenset({InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED})
    submissions = _first_submissions([each for each in eligible if each.status in active])
    deadline = region.deadline
    punctual = [time for time in submissions if deadline and in_time(time, deadline.date, region.zone)]
    return len(punctual) >= region.minimum
