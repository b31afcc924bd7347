"""What the weekly report says about each duty. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.notifications.messages.texts.details import AgencyLine, YearTotals
from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import ObligationSummary
from shared.contracts.vocabulary import Zone

_OPEN = (ObligationPhase.OPEN, ObligationPhase.WAITING, ObligationPhase.REGISTRY, ObligationPhase.OVERDUE)


@dataclass(frozen=True)
class Duty:
    """A duty with what its summary lacks. agency: its name; fulfilled_at: of a fulfilled one."""

    summary: ObligationSummary
    agency: str
    fulfilled_at: datetime | None = None


@dataclass(frozen=True)
class Week:
    """The local days, both included, that a report is about."""

    first: date
    last: date
    zone: Zone

    def holds(self, moment: datetime | None) -> bool:
        """Whether an aware time is in it."""
        return moment is not None and self.first <= local_date(moment, self.zone) <= self.last


def week_before(monday: date, zone: Zone) -> Week:
    """The seven days before the Monday of a report's ISO week."""
    return Week(monday - timedelta(days=7), monday - timedelta(days=1), zone)


def open_years(duties: Iterable[Duty], week: Week) -> set[int]:
    """The duty years that a report is about: those with something open, or whose deadline was in the week."""
    return {
        each.summary.year
        for each in duties
        if each.summary.phase in _OPEN or week.first <= each.summary.deadline <= week.last
    }


def totals(duties: Iterable[Duty], years: set[int]) -> tuple[YearTotals, ...]:
    """How many agencies are in each state, by year. Those that wait for the registry are open."""
    phases: dict[int, Counter[ObligationPhase]] = {year: Counter() for year in sorted(years)}
    deadlines: dict[int, ObligationSummary] = {}
    for duty in duties:
        if duty.summary.year in phases:
            phases[duty.summary.year][duty.summary.phase] += 1
            deadlines[duty.summary.year] = duty.summary
    return tuple(
        YearTotals(
            year,
            deadlines[year].deadline,
            deadlines[year].hour,
            fulfilled=count[ObligationPhase.FULFILLED],
            open=count[ObligationPhase.OPEN] + count[ObligationPhase.REGISTRY],
            waiting=count[ObligationPhase.WAITING],
            overdue=count[ObligationPhase.OVERDUE],
            exempted=count[ObligationPhase.EXEMPTED],
        )
        for year, count in phases.items()
    )


def changes(duties: Iterable[Duty], week: Week) -> tuple[AgencyLine, ...]:
    """The duties that were fulfilled, opened again, became overdue or began to wait in the week, the newest last."""
    found = [line for duty in duties for line in _change(duty, week)]
    return tuple(sorted(found, key=_oldest_first))


def late(duties: Iterable[Duty]) -> tuple[AgencyLine, ...]:
    """The overdue duties, the oldest first."""
    found = [_line(duty, _day_after(duty)) for duty in duties if duty.summary.phase is ObligationPhase.OVERDUE]
    return tuple(sorted(found, key=_oldest_first))


def waiting(duties: Iterable[Duty], zone: Zone) -> tuple[AgencyLine, ...]:
    """The duties that wait for the curator's verification, the longest first."""
    found = [
        _line(duty, local_date(duty.summary.waiting_since, zone) if duty.summary.waiting_since else None)
        for duty in duties
        if duty.summary.phase is ObligationPhase.WAITING
    ]
    return tuple(sorted(found, key=_oldest_first))


def untold(duties: Iterable[Duty], since: Mapping[tuple[str, int], tuple[date, str]]) -> tuple[AgencyLine, ...]:
    """The duties about which nobody could be told. since: (agency, year) → from which day, and why."""
    found = []
    for duty in duties:
        known = since.get((duty.summary.agency, duty.summary.year))
        if known is not None:
            found.append(_line(duty, known[0], known[1]))
    return tuple(sorted(found, key=_oldest_first))


def _change(duty: Duty, week: Week) -> list[AgencyLine]:
    summary, zone = duty.summary, week.zone
    match summary.phase:
        case ObligationPhase.FULFILLED if week.holds(duty.fulfilled_at) and duty.fulfilled_at:
            return [_line(duty, local_date(duty.fulfilled_at, zone), "late" if summary.late else "fulfilled")]
        case ObligationPhase.OVERDUE if week.first <= _day_after(duty) <= week.last:
            return [_line(duty, _day_after(duty), "overdue")]
        case ObligationPhase.WAITING if week.holds(summary.waiting_since) and summary.waiting_since:
            return [_line(duty, local_date(summary.waiting_since, zone), "waiting")]
        case ObligationPhase.OPEN | ObligationPhase.OVERDUE if week.holds(summary.spell_since) and summary.spell_since:
            return [_line(duty, local_date(summary.spell_since, zone), "opened-again")]
        case _:
            return []


def _day_after(duty: Duty) -> date:
    return duty.summary.deadline + timedelta(days=1)


def _line(duty: Duty, since: date | None, note: str = "") -> AgencyLine:
    return AgencyLine(agency=duty.agency, year=duty.summary.year, since=since, note=note)


def _oldest_first(line: AgencyLine) -> tuple[date, str, int]:
    return line.since or date.min, line.agency, line.year
