"""Collects the lists of the weekly report from the duties of a region, one after the other. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Self

from services.notifications.messages.texts.details import AgencyLine, YearTotals
from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import ObligationSummary
from shared.contracts.vocabulary import Zone

MOST_LINES = 500  # of one list; the totals count all

_COUNTED = {
    ObligationPhase.FULFILLED: "fulfilled",
    ObligationPhase.OPEN: "open",
    ObligationPhase.REGISTRY: "open",
    ObligationPhase.WAITING: "waiting",
    ObligationPhase.OVERDUE: "overdue",
    ObligationPhase.EXEMPTED: "exempted",
}


@dataclass(frozen=True)
class Week:
    """An ISO week: its label (`2027-W01`), Monday and Sunday."""

    label: str
    first: date
    last: date

    @classmethod
    def of(cls, label: str) -> Self:
        """From the label. Raises ValueError."""
        year, _, week = label.partition("-W")
        first = date.fromisocalendar(int(year), int(week), 1)
        return cls(label, first, first + timedelta(days=6))

    @property
    def told_from(self) -> date:
        """The first day of the week before, about which the report tells."""
        return self.first - timedelta(days=7)

    @property
    def told_to(self) -> date:
        """Its last day."""
        return self.first - timedelta(days=1)

    def was_before(self, day: date) -> bool:
        """Whether the day is in the week before."""
        return self.told_from <= day <= self.told_to


class ReportContent:
    """names: id → name of the region's agencies."""

    def __init__(self, week: Week, zone: Zone, names: Mapping[str, str]) -> None:
        self._week = week
        self._zone = zone
        self._names = names
        self._totals: dict[int, YearTotals] = {}
        self.changes: list[AgencyLine] = []
        self.late: list[AgencyLine] = []
        self.waiting: list[AgencyLine] = []

    def add(self, duty: ObligationSummary, fulfilled_at: datetime | None) -> None:
        """One duty. fulfilled_at: of a fulfilled one."""
        before = self._totals.get(duty.year) or YearTotals(duty.year, duty.deadline, duty.hour)
        if duty.phase in _COUNTED:
            field = _COUNTED[duty.phase]
            self._totals[duty.year] = replace(before, **{field: getattr(before, field) + 1})
        if duty.phase is ObligationPhase.OVERDUE:
            _append(self.late, self._line(duty, duty.deadline + timedelta(days=1), "overdue"))
        if duty.phase is ObligationPhase.WAITING:
            _append(self.waiting, self._line(duty, self._day(duty.waiting_since), "waiting"))
        for since, note in self._happened(duty, fulfilled_at):
            if since is not None and self._week.was_before(since):
                _append(self.changes, self._line(duty, since, note))

    @property
    def totals(self) -> tuple[YearTotals, ...]:
        """By year, the newest first."""
        return tuple(self._totals[year] for year in sorted(self._totals, reverse=True))

    def sorted(self, lines: list[AgencyLine]) -> tuple[AgencyLine, ...]:
        """The longest standing first; ties by name."""
        return tuple(sorted(lines, key=lambda each: (each.since or date.max, each.agency, each.year)))

    def _happened(self, duty: ObligationSummary, fulfilled_at: datetime | None) -> Iterator[tuple[date | None, str]]:
        match duty.phase:
            case ObligationPhase.FULFILLED:
                yield self._day(fulfilled_at), "late" if duty.late else "fulfilled"
            case ObligationPhase.WAITING:
                yield self._day(duty.waiting_since), "waiting"
            case ObligationPhase.EXEMPTED:
                yield self._day(duty.cancelled_at), "exempted"
            case ObligationPhase.OPEN | ObligationPhase.REGISTRY | ObligationPhase.OVERDUE:
                if duty.spell:
                    yield self._day(duty.spell_since), "opened-again"
                if duty.phase is ObligationPhase.OVERDUE:
                    yield duty.deadline + timedelta(days=1), "overdue"

    def _line(self, duty: ObligationSummary, since: date | None, note: str) -> AgencyLine:
        return AgencyLine(self._names.get(duty.agency, duty.agency), duty.year, since, note)

    def _day(self, time: datetime | None) -> date | None:
        return local_date(time, self._zone) if time else None


def _append(lines: list[AgencyLine], line: AgencyLine) -> None:
    if len(lines) < MOST_LINES:
        lines.append(line)
