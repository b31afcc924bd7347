"""Lists who must be told what on a given day, and what nobody can be told. Reads a region at a time, writes nothing.

The same list for another day is a dry run.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Self

from services.notifications.known import KnownFacts, KnownRegion
from services.notifications.reminders.alerting import Alerting
from services.notifications.reminders.frame import Frames, RegionFrame
from services.notifications.reminders.mode import AlertingMode, Mode
from services.notifications.reminders.quiet_times import allowed_from
from services.notifications.reminders.reminder import Deferral, Reminder, Unreachable
from services.notifications.reminders.repositories import alert_count_repository
from services.notifications.reminders.who.evaluation import Evaluation, Evaluator, parts
from shared.ports.store import Store

LIVE = AlertingMode(mode=Mode.LIVE)


class DueList:
    """Lists what is due in one store."""

    def __init__(
        self, store: Store, known_facts: KnownFacts, frames: Frames, evaluator: Evaluator, alerting: Alerting
    ) -> None:
        self._known_facts = known_facts
        self._frames = frames
        self._evaluator = evaluator
        self._alerting = alerting
        self._counts = alert_count_repository(store)

    async def entries(
        self, as_of: date | None = None, *, region: str | None = None, mode: AlertingMode | None = None
    ) -> AsyncIterator[Reminder | Unreachable]:
        """as_of: a local day for all regions, instead of each region's own today; region: only this one; mode: as if
        it were this one. Each reminder says whether and until when it is deferred."""
        in_force = mode or (await self._alerting.in_force()).mode
        async for known in self._regions(region):
            frame = await self._frames.of(known, as_of)
            count = await self._counts.find(frame.code)
            times = Times.of(frame)
            left = frame.policy.region_cap - (count.value.on(frame.day) if count else 0)
            async for found in self._evaluations(frame):
                for each in found.reminders:
                    reminder = deferred(each, frame, in_force, times, left)
                    left -= len(reminder.messages) if reminder.deferred_by in (None, Deferral.QUIET) else 0
                    yield reminder
                for unreachable in found.unreachable:
                    yield unreachable

    async def agencies_of(self, region: str) -> AsyncIterator[list[str]]:
        """The ids of all known agencies of a region, in their order, at most AT_ONCE at a time."""
        async for some in self._known_facts.agency_sequences(region):
            for part in parts(sorted(some)):
                yield part

    async def _regions(self, code: str | None) -> AsyncIterator[KnownRegion]:
        if code is None:
            async for known in self._known_facts.regions():
                yield known
        elif found := await self._known_facts.region(code):
            yield found

    async def _evaluations(self, frame: RegionFrame) -> AsyncIterator[Evaluation]:
        """Of the whole region, part by part. Nobody is in two parts."""
        yield await self._evaluator.region(frame)
        named: set[str] = set()
        async for part in self.agencies_of(frame.code):
            found = await self._evaluator.agencies(frame, part, note=False)
            found.reminders = [each for each in found.reminders if each.person not in named]
            named |= {each.person for each in found.reminders if len(each.contact.agencies) > 1}
            yield found


@dataclass(frozen=True)
class Times:
    """earliest: the first moment of the frame's day that still lies ahead; allowed: the first from then on at which the
    region may be disturbed; tomorrow: the first on the day after."""

    earliest: datetime
    allowed: datetime
    tomorrow: datetime

    @classmethod
    def of(cls, frame: RegionFrame) -> Self:
        """For that day."""
        earliest = frame.begin_of(frame.day)
        if frame.day <= frame.today:
            earliest = frame.now
        following = frame.begin_of(max(frame.day, frame.today) + timedelta(days=1))
        return cls(
            earliest,
            allowed_from(frame.policy, frame.zone, earliest),
            allowed_from(frame.policy, frame.zone, following),
        )


def deferred(reminder: Reminder, frame: RegionFrame, mode: AlertingMode, times: Times, left: int) -> Reminder:
    """The reminder with why and until when it is deferred. left: messages that the region's cap still allows."""
    why: Deferral | None = None
    until: datetime | None = times.allowed
    if not mode.reaches(reminder.person):
        why, until = silence(mode), None
    elif not reminder.alerts:
        why, until = Deferral.HELD, None
    elif reminder.taken_today >= frame.policy.person_cap:
        why, until = Deferral.PERSON_CAP, times.tomorrow
    elif left <= 0:
        why, until = Deferral.REGION_CAP, times.tomorrow
    elif times.allowed > times.earliest:
        why = Deferral.QUIET
    return replace(reminder, deferred_by=why, not_before=until)


def silence(mode: AlertingMode) -> Deferral:
    """Why a mode that does not reach somebody does not."""
    if mode.stopped:
        return Deferral.STOPPED
    return Deferral.LOG if mode.mode is Mode.LOG else Deferral.ALLOW_LIST
