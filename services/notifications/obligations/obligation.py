"""One agency's duty for one year: a pure function of the facts and of the moment.

Sources: the region's circular as policy data (Kubu Raya, Banjar: at least one innovation per agency and year); the
rules on which moment decides, on waiting for verification and on re-opening are this system's own (docs/glossary).
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


class Unknown(StrEnum):
    """Which fact the obligation waits for. DEADLINE: the region has set none for this year, so there is no duty."""

    AGENCY = "agency"
    REGION = "region"
    DEADLINE = "deadline"


class Stands(StrEnum):
    """How an obligation stands, as the sweep asks for it. WAITING: open, but all is handed in and awaits the curator;
    UNKNOWN: a fact is missing."""

    OPEN = "open"
    WAITING = "waiting"
    OVERDUE = "overdue"
    FULFILLED = "fulfilled"
    EXEMPTED = "exempted"
    UNKNOWN = "unknown"


def derive(facts: Facts, now: datetime) -> ObligationState | Unknown:
    """The obligation's public state at business time `now`, or what must be known first."""
    if facts.agency is None:
        return Unknown.AGENCY
    if facts.region is None:
        return Unknown.REGION
    if facts.region.deadline is None:
        return Unknown.DEADLINE
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
    return base.model_copy(update=_verdict(facts, region, deadline.date, eligible=eligible, counted=counted, now=now))


def stands(outcome: ObligationState | Unknown) -> Stands:
    """The indexed word for `outcome`."""
    if isinstance(outcome, Unknown):
        return Stands.UNKNOWN
    return Stands.WAITING if outcome.waiting else Stands(outcome.status)


def _verdict(
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
    if facts.exemption is not None and facts.exemption.stands:
        return "decree"
    if agency.retired and (agency.retired_on is None or agency.retired_on.year <= facts.year):
        return "retired"
    too_early = agency.obliged_from is not None and facts.year < agency.obliged_from
    return "not_obliged" if too_early or agency.kind not in region.obliged_kinds else None


def _first_submissions(innovations: list[InnovationFact]) -> list[datetime]:
    return sorted(each.first_submitted_at for each in innovations if each.first_submitted_at is not None)


def _fulfilment(counted: list[InnovationFact], region: RegionFact) -> dict[str, object]:
    """On time is judged by first submissions, whenever the curator verifies; the moment of fulfilment is when the
    last one needed began to count."""
    enough = region.minimum - 1
    submissions = _first_submissions(counted)
    moments = submissions
    if region.counts_when is CountsWhen.VERIFIED:
        moments = sorted(each.verified_at or each.first_submitted_at for each in counted if each.first_submitted_at)
    on_time = region.deadline is not None and in_time(submissions[enough], region.deadline.date, region.zone)
    return {"on_time": on_time, "fulfilled_at": moments[enough]}


def _awaits_curator(eligible: list[InnovationFact], region: RegionFact) -> bool:
    """Whether what was first submitted in time, and is neither returned nor withdrawn, would be enough."""
    alive = frozenset({InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED})
    submissions = _first_submissions([each for each in eligible if each.status in alive])
    deadline = region.deadline
    punctual = [moment for moment in submissions if deadline and in_time(moment, deadline.date, region.zone)]
    return len(punctual) >= region.minimum
