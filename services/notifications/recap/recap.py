"""The recap of a region's year: one line for each agency, last year beside this year, and the totals. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.recap.facts import DutyFacts, Shown
from shared.contracts.contract import Exact
from shared.contracts.fields import LocalHour
from shared.contracts.vocabulary import AgencyKind, InnovationStatus, ObligationStatus

_TENTH = Decimal("0.1")
_NUMBERS = re.compile(r"([0-9]+)", re.ASCII)


class RecapOrder(StrEnum):
    """STATUS: the overdue first, then the open, those fulfilled late, in time, and those that owe nothing; KIND: in the
    order of the list of kinds; NAME: by name; SCORE: the most verified points first. Ties by kind, then name."""

    STATUS = "status"
    KIND = "kind"
    NAME = "name"
    SCORE = "score"


class RecapLine(Shown):
    """An agency. before: its last year, null if it did not exist then or nothing is known of it."""

    agency: str
    agency_name: str
    kind: AgencyKind
    retired: bool
    duty: DutyFacts
    before: DutyFacts | None


class RecapTotals(Shown):
    """Of all agencies of the chosen kinds, whatever the status that was asked for. obliged: those that owe something:
    fulfilled, open or overdue; in_time, late: of the fulfilled; waiting: of the open, those that wait for the curator;
    voluntary: those that owe nothing and have brought as much all the same; exempted: those that owe nothing and have
    not; exempted_by: ground → how many of these; percent: fulfilled of obliged, one decimal, null without any;
    without_deadline: agencies whose year has no deadline; innovations: submitted and not withdrawn; verified: of these;
    commitments: signed and not revoked."""

    year: int
    agencies: int
    obliged: int
    fulfilled: int
    in_time: int
    late: int
    overdue: int
    open: int
    waiting: int
    voluntary: int
    exempted: int
    exempted_by: dict[str, int]
    without_deadline: int
    percent: Exact | None
    innovations: int
    verified: int
    commitments: int


class RecapDeadline(Shown):
    """A region's deadline of a year in force. basis: the number of the circular or decree."""

    year: int
    date: date
    hour: LocalHour | None
    basis: str
    cancelled: bool


class Recap(Shown):
    """as_of: the local day on which it was read; deadline, deadline_before: of the year and of the year before, null
    without one; kinds, statuses: what was asked for, empty: all; lines: in the order asked for."""

    region: str
    region_name: str
    year: int
    as_of: date
    deadline: RecapDeadline | None
    deadline_before: RecapDeadline | None
    kinds: tuple[AgencyKind, ...]
    statuses: tuple[ObligationStatus, ...]
    late: bool | None
    totals: RecapTotals
    totals_before: RecapTotals
    lines: tuple[RecapLine, ...]


def totals_of(year: int, duties: Iterable[DutyFacts]) -> RecapTotals:
    """The totals of a year, of one duty for each agency."""
    known = list(duties)
    statuses = Counter(each.status for each in known if not each.voluntary)
    grounds = Counter(each.ground or "" for each in known if each.status is ObligationStatus.EXEMPTED)
    fulfilled, open_, overdue = (
        statuses[status] for status in (ObligationStatus.FULFILLED, ObligationStatus.OPEN, ObligationStatus.OVERDUE)
    )
    obliged = fulfilled + open_ + overdue
    voluntary = sum(each.voluntary for each in known)
    in_time = sum(
        each.status is ObligationStatus.FULFILLED and each.on_time is True and not each.voluntary for each in known
    )
    innovations = [innovation for each in known for innovation in each.innovations]
    submitted = [each for each in innovations if each.status is not InnovationStatus.DRAFT]
    return RecapTotals(
        year=year,
        agencies=len(known),
        obliged=obliged,
        fulfilled=fulfilled,
        in_time=in_time,
        late=fulfilled - in_time,
        overdue=overdue,
        open=open_,
        waiting=sum(each.phase is ObligationPhase.WAITING for each in known),
        voluntary=voluntary,
        exempted=statuses[ObligationStatus.EXEMPTED],
        exempted_by=dict(sorted(grounds.items())),
        without_deadline=statuses[None],
        percent=_percent(fulfilled, obliged),
        innovations=len(submitted),
        verified=sum(each.status is InnovationStatus.VERIFIED for each in submitted),
        commitments=sum(each.commitment is not None for each in known),
    )


def wanted(lines: Iterable[RecapLine], statuses: Sequence[ObligationStatus], late: bool | None) -> list[RecapLine]:
    """Those with one of the statuses this year (empty: any) that are, or are not, late (None: either)."""
    return [
        each
        for each in lines
        if (not statuses or each.duty.status in statuses) and (late is None or each.duty.late is late)
    ]


def ordered(lines: Iterable[RecapLine], order: RecapOrder) -> tuple[RecapLine, ...]:
    """In the order asked for."""
    key = _KEYS[order]
    return tuple(sorted(lines, key=lambda each: (key(each), _by_kind(each), _by_name(each), each.agency)))


_STATUSES = (
    (ObligationStatus.OVERDUE, False),
    (ObligationStatus.OPEN, False),
    (ObligationStatus.FULFILLED, True),
    (ObligationStatus.FULFILLED, False),
    (ObligationStatus.EXEMPTED, False),
    (None, False),
)
_RANKS = {each: number for number, each in enumerate(_STATUSES)}
_KINDS = {kind: number for number, kind in enumerate(AgencyKind)}


def _by_status(line: RecapLine) -> tuple[int, int]:
    duty = line.duty
    late = duty.status is ObligationStatus.FULFILLED and duty.on_time is False
    return _RANKS[duty.status, late], -(duty.days_late or 0)


def _by_kind(line: RecapLine) -> int:
    return _KINDS[line.kind]


def _by_name(line: RecapLine) -> list[tuple[int, str]]:
    """SD Negeri 2 before SD Negeri 10."""
    parts = _NUMBERS.split(line.agency_name.casefold())
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def _by_score(line: RecapLine) -> tuple[Decimal, Decimal]:
    return -(line.duty.verified or Decimal()), -(line.duty.claimed or Decimal())


_KEYS: dict[RecapOrder, Callable[[RecapLine], object]] = {
    RecapOrder.STATUS: _by_status,
    RecapOrder.KIND: _by_kind,
    RecapOrder.NAME: _by_name,
    RecapOrder.SCORE: _by_score,
}


def _percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(part * 100) / whole).quantize(_TENTH, ROUND_HALF_UP) if whole else None
