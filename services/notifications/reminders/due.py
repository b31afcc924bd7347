"""Lists who must be told what on a given day, and what nobody can be told. Reads one region at a time and writes nothing.

The same list for another day is a dry run.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from services.notifications.known import KnownFacts, KnownRegion
from services.notifications.obligations.deadlines import local_date
from services.notifications.reminders.after_restore import active_hold
from services.notifications.reminders.alerting import Alerting
from services.notifications.reminders.evaluation import AT_ONCE, Evaluation, Evaluator
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.mode import AlertingMode, Mode
from services.notifications.reminders.quiet_times import QuietTimes, allowed_from
from services.notifications.reminders.reminder import Deferral, Reminder, Unreachable
from services.notifications.reminders.repositories import alert_count_repository
from shared.clock import Clock
from shared.ports.store import Store


class DueList:
    """Lists what is due in one store."""

    def __init__(
        self,
        store: Store,
        known_facts: KnownFacts,
        clock: Clock,
        evaluator: Evaluator,
        quiet_times: QuietTimes,
        alerting: Alerting,
    ) -> None:
        self._store = store
        self._known_facts = known_facts
        self._clock = clock
        self._evaluator = evaluator
        self._quiet_times = quiet_times
        self._alerting = alerting
        self._counts = alert_count_repository(store)

    async def frame(self, known: KnownRegion, as_of: date | None = None) -> RegionFrame:
        """What the region is judged by on the local day `as_of`, by default its own today."""
        now = self._clock.now()
        today = local_date(now, known.value.zone)
        day = as_of or today
        policies = await self._quiet_times.policies(known.value.code)
        return RegionFrame(
            region=known.value,
            day=day,
            today=today,
            policy=policies.in_force(day),
            hold=await active_hold(self._store),
            offset=(now - self._clock.machine()).total_seconds(),
        )

    async def entries(
        self, as_of: date | None = None, *, region: str | None = None, live: bool = False
    ) -> AsyncIterator[Reminder | Unreachable]:
        """as_of: a local day for all regions, instead of each region's own today; region: only this one; live: as if
        the mode were LIVE. Each reminder says whether and until when it is deferred."""
        stored = (await self._alerting.in_force()).mode
        mode = AlertingMode(mode=Mode.LIVE) if live else stored
        async for known in self._regions(region):
            frame = await self.frame(known, as_of)
            count = await self._counts.find(frame.code)
            left = max(0, frame.policy.region_cap - (count.value.on(frame.day) if count else 0))
            allowed = allowed_from(frame.policy, frame.zone, self._earliest(frame))
            async for found in self._evaluations(frame):
                for reminder in found.reminders:
                    judged = deferred(reminder, frame, mode, allowed, left)
                    left -= judged.deferred_by in (None, Deferral.QUIET)
                    yield judged
                for unreachable in found.unreachable:
                    yield unreachable

    def _earliest(self, frame: RegionFrame) -> datetime:
        """The first moment of the day that still lies ahead."""
        return max(self._clock.now(), frame.begin_of(frame.day)) if frame.day >= frame.today else self._clock.now()

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
        for ids in _parts(sorted(await self._known_facts.agency_sequences(frame.code))):
            found = await self._evaluator.agencies(frame, ids)
            found.reminders = [each for each in found.reminders if each.person not in named]
            named |= {each.person for each in found.reminders if len(each.contact.agencies) > 1}
            yield found


def deferred(
    reminder: Reminder, frame: RegionFrame, mode: AlertingMode, allowed: datetime, left: int
) -> Reminder:
    """The reminder with why and until when it is deferred. allowed: the first moment at which the region may be
    disturbed; left: messages that the region's cap still allows on that day."""
    tomorrow = allowed_from(frame.policy, frame.zone, frame.begin_of(frame.day + timedelta(days=1)))
    why: Deferral | None = None
    until: datetime | None = None
    if not mode.reaches(reminder.person):
        why = _silence(mode)
    elif not reminder.alerts:
        why = Deferral.HELD
    elif reminder.taken_today >= frame.policy.person_cap:
        why, until = Deferral.PERSON_CAP, tomorrow
    elif left <= 0:
        why, until = Deferral.REGION_CAP, tomorrow
    else:
        until = allowed
        why = Deferral.QUIET if allowed > frame.begin_of(frame.day) and _is_quiet(frame, allowed) else None
    return replace(reminder, deferred_by=why, not_before=until)


def _silence(mode: AlertingMode) -> Deferral:
    if mode.stopped:
        return Deferral.STOPPED
    return Deferral.LOG if mode.mode is Mode.LOG else Deferral.ALLOW_LIST


def _parts(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
