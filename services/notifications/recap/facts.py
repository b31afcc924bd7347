"""One agency's year as the recap shows it: the duty, its innovations, the decree and the commitment. Pure."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.entry import Entry
from services.notifications.obligations.obligation import ObligationPhase
from shared.contracts.contract import Exact
from shared.contracts.fields import LocalHour
from shared.contracts.obligation import ObligationState
from shared.contracts.vocabulary import InnovationStatus, ObligationStatus, Zone

_SCORED = (InnovationStatus.SUBMITTED, InnovationStatus.RETURNED, InnovationStatus.VERIFIED)


class Shown(BaseModel):
    """The base of what the recap shows."""

    model_config = ConfigDict(frozen=True)


class InnovationFacts(Shown):
    """An innovation that is assigned to the agency and year. name: empty for a draft; counts: it is one of those that
    fulfil the duty; in_time: whether it was first submitted before the deadline, null for a draft or without a
    deadline; claimed, verified: maturity in points, of `most`, null while there is no scorecard; imported: it was
    brought in from a former system."""

    innovation: str
    name: str
    status: InnovationStatus
    counts: bool
    first_submitted_at: datetime | None
    in_time: bool | None
    verified_at: datetime | None
    claimed: Exact | None
    verified: Exact | None
    most: Exact | None
    imported: bool


class DecreeFacts(Shown):
    """A decree in force that exempts the agency for the year. dated: null if that is not known."""

    number: str
    dated: date | None


class CommitmentFacts(Shown):
    """The signed Perjanjian Inovasi of the year. promised: how many innovations; taken_up: of how many an innovation
    came; dropped: how many were given up."""

    number: str
    dated: date
    promised: int
    taken_up: int
    dropped: int


class DutyBrief(Shown):
    """The duty of one agency for one year.

    status: null when the year has no deadline; phase: the status, or `waiting` (for the curator) or `registry`, which
    are open, or `unknown`; on_time: of a fulfilled one; late: it is owed, and is overdue or was fulfilled too late;
    days_late: local days from the deadline to the first submission that decides, or until today while it is overdue;
    ground: why nothing is owed (`decree`, `retired`, `not_obliged`, `cancelled`); voluntary: nothing is owed, and as
    much was brought all the same; counted: how many innovations fulfil it, of `minimum`; claimed, verified, most:
    points of the innovation that is listed first, of those that are scored.
    """

    year: int
    status: ObligationStatus | None
    phase: ObligationPhase
    on_time: bool | None
    late: bool
    days_late: int | None
    minimum: int
    counted: int
    ground: str | None
    voluntary: bool
    claimed: Exact | None
    verified: Exact | None
    most: Exact | None


class DutyFacts(DutyBrief):
    """The duty with what belongs to it. deadline, hour: in force; innovations: those that count first, then by verified
    and claimed points."""

    deadline: date | None
    hour: LocalHour | None
    fulfilled_at: datetime | None
    decree: DecreeFacts | None
    commitment: CommitmentFacts | None
    innovations: tuple[InnovationFacts, ...]


def duty_facts(
    year: int,
    public: ObligationState | None,
    phase: ObligationPhase,
    entries: list[Entry],
    *,
    closes: datetime | None,
    today: date,
    zone: Zone,
    decree: DecreeFacts | None = None,
    commitment: CommitmentFacts | None = None,
) -> DutyFacts:
    """Of one agency and year. public: None while the year has no deadline; entries: of the agency and year; closes: the
    first moment after the deadline; today: the local day."""
    counted = frozenset(public.counted) if public else frozenset()
    shown = [_innovation(each, counted, closes) for each in entries if _belongs(each)]
    innovations = tuple(sorted(shown, key=_order))
    first = next((each for each in innovations if each.most is not None), None)
    status = public.status if public else None
    voluntary = public is not None and status is ObligationStatus.FULFILLED and public.ground is not None
    late = public is not None and not voluntary and (status is ObligationStatus.OVERDUE or public.on_time is False)
    return DutyFacts(
        year=year,
        status=status,
        phase=phase,
        on_time=public.on_time if public else None,
        late=late,
        days_late=_days_late(public, innovations, today, zone) if public and late else None,
        minimum=public.minimum if public else 0,
        counted=len(counted),
        deadline=public.deadline if public else None,
        hour=public.hour if public else None,
        fulfilled_at=public.fulfilled_at if public else None,
        ground=public.ground if public else None,
        voluntary=voluntary,
        decree=decree,
        commitment=commitment,
        innovations=innovations,
        claimed=first.claimed if first else None,
        verified=first.verified if first else None,
        most=first.most if first else None,
    )


def _belongs(entry: Entry) -> bool:
    return entry.here and entry.status is not InnovationStatus.WITHDRAWN


def _innovation(entry: Entry, counted: frozenset[str], closes: datetime | None) -> InnovationFacts:
    score = entry.score if entry.status in _SCORED else None
    first = entry.first_submitted_at
    return InnovationFacts(
        innovation=entry.innovation,
        name=entry.name,
        status=entry.status,
        counts=entry.innovation in counted,
        first_submitted_at=first,
        in_time=first < closes if first and closes else None,
        verified_at=entry.verified_at,
        claimed=score.claimed if score else None,
        verified=score.verified if score else None,
        most=score.most if score else None,
        imported=entry.imported,
    )


def _points(each: InnovationFacts) -> tuple[Decimal, Decimal, str]:
    return -(each.verified or Decimal()), -(each.claimed or Decimal()), each.innovation


def _order(each: InnovationFacts) -> tuple[bool, bool, Decimal, Decimal, str]:
    return (not each.counts, each.status is InnovationStatus.DRAFT, *_points(each))


def _days_late(
    public: ObligationState, innovations: tuple[InnovationFacts, ...], today: date, zone: Zone
) -> int | None:
    if public.status is ObligationStatus.OVERDUE:
        return (today - public.deadline).days
    if public.on_time is not False:
        return None
    decided = [each.first_submitted_at for each in innovations if each.counts and each.first_submitted_at]
    return max(((local_date(each, zone) - public.deadline).days for each in decided), default=None)
