"""Puts what is due into messages, within the daily caps of persons and regions."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from services.notifications.messages.alert_log import AlertLog
from services.notifications.messages.repositories import alert_log_repository
from services.notifications.messages.writing import create_message, message_id, note_written
from services.notifications.reminders.caps import AlertCount
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.mode import AlertingMode
from services.notifications.reminders.quiet_times import allowed_from
from services.notifications.reminders.reminder import Reminder
from services.notifications.reminders.repositories import alert_count_repository
from shared.clock import machine_ms
from shared.contracts.message import Alert
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Store
from shared.storage.batches import in_parallel
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

AT_ONCE = 100  # persons whose documents share commits

log = structlog.get_logger("notifications")


@dataclass(frozen=True)
class Put:
    """A message that was written. log: the alert log that took it."""

    message: str
    log: Versioned[AlertLog]


@dataclass
class PutResult:
    """queued: reminders that were put into messages; messages: these; capped: reminders that a daily cap
    defers to tomorrow; again: reminders to look at again at once."""

    queued: list[Reminder] = field(default_factory=list)
    messages: list[Put] = field(default_factory=list)
    capped: list[Reminder] = field(default_factory=list)
    again: list[Reminder] = field(default_factory=list)

    def add(self, other: PutResult) -> None:
        """Add what another part of the sweep did."""
        self.queued += other.queued
        self.messages += other.messages
        self.capped += other.capped
        self.again += other.again


class Putting:
    """Writes alert logs and messages. Every step may be repeated, and any number of processes may do it at once.

    messages_due: set when a message waits to be sent.
    """

    def __init__(self, store: Store, messages_due: asyncio.Event) -> None:
        self._store = store
        self._messages_due = messages_due
        self._alert_logs = alert_log_repository(store)
        self._counts = alert_count_repository(store)

    async def put(
        self, frame: RegionFrame, reminders: Sequence[Reminder], mode: AlertingMode, in_force_since: int
    ) -> PutResult:
        """The messages of each reminder that has alerts and whose person the mode reaches, the nearest deadline first.
        in_force_since: machine milliseconds since when the mode, and the absence of a hold, allow it."""
        result = PutResult()
        wanted = [each for each in reminders if each.alerts and mode.reaches(each.person)]
        if not wanted:
            return result
        wanted.sort(key=lambda each: (each.deadline, each.person))
        before, allowed = await self._reserve(frame, sum(len(each.messages) for each in wanted))
        left, within = allowed, list[Reminder]()
        for each in wanted:
            left -= len(each.messages)
            (within if left >= 0 else result.capped).append(each)
        yesterday = frame.day - timedelta(days=1)
        allowed_at = allowed_from(frame.policy, frame.zone, frame.now)
        opens = frame.machine_ms(allowed_at) if allowed_at > frame.now else 0
        was_full = before.on(yesterday) >= frame.policy.region_cap
        await in_parallel(
            within,
            lambda each: self._put(frame, each, in_force_since, result, opens, late=was_full),
            at_once=AT_ONCE,
        )
        ahead = opens - machine_ms()
        if result.queued and ahead > 0:
            asyncio.get_running_loop().call_later(ahead / 1000, self._messages_due.set)
        unused = allowed - len(result.messages)
        if unused:
            await self._counts.amend(frame.code, None, without_event(lambda count: count.given_back(frame.day, unused)))
        if result.capped:
            log.warning("alerts.capped", region=frame.code, day=frame.day.isoformat(), persons=len(result.capped))
        return result

    async def finish(self, messages: Sequence[Put]) -> None:
        """Note in the alert logs that these messages exist. It may be done later, when the sender has them already."""

        async def note(put: Put) -> None:
            await note_written(self._store, put.log.id, put.log.value.last, put.log)

        await in_parallel(messages, note, at_once=AT_ONCE)

    async def _reserve(self, frame: RegionFrame, wanted: int) -> tuple[AlertCount, int]:
        """Count the messages before they are written, so that processes together keep the cap. A crash after it defers
        some to tomorrow. Returns the count before, and how many of the wanted ones are allowed."""
        seen = AlertCount()

        def reserve(before: AlertCount | None) -> AlertCount:
            nonlocal seen
            seen = before or AlertCount()
            return seen.reserved(frame.day, wanted, frame.policy.region_cap)

        after = await self._counts.change(frame.code, without_event(reserve))
        return seen, after.value.on(frame.day) - seen.on(frame.day)

    async def _put(
        self, frame: RegionFrame, reminder: Reminder, in_force_since: int, result: PutResult, opens: int, *, late: bool
    ) -> None:
        """opens: machine milliseconds at which quiet times end, and the message is due; 0: it is not quiet."""
        reach(Failpoint.ALERT_DUE, reminder.person)
        known, queued = reminder.log, False
        for alerts in reminder.messages:
            if queued and known is not None:  # the log takes no other message before that
                known = await note_written(self._store, reminder.person, known.value.last, known)
            after = await self._take(frame, reminder, alerts, in_force_since, known, opens=opens, late=late)
            known = after
            if after.changed:
                reach(Failpoint.ALERT_TAKEN, message_id(reminder.person, after.value.last))
                result.messages.append(Put(await create_message(self._store, after.value), after))
                queued = True
            elif after.value.unwritten:
                result.again.append(reminder)  # an earlier message is being written
                break
            elif after.value.missing(alerts):
                result.capped.append(reminder)
                break
            # else another process was faster
        if queued:
            result.queued.append(reminder)
            if opens <= machine_ms():
                self._messages_due.set()

    async def _take(
        self,
        frame: RegionFrame,
        reminder: Reminder,
        alerts: Sequence[Alert],
        in_force_since: int,
        known: Versioned[AlertLog] | None,
        *,
        opens: int,
        late: bool,
    ) -> Versioned[AlertLog]:
        """Put these alerts of the reminder into one message in the log."""
        taken_at, cap = machine_ms(), frame.policy.person_cap

        def take(before: AlertLog | None) -> AlertLog | None:
            before = before or AlertLog(person=reminder.person, region=reminder.region)
            late_person = late or before.taken(frame.day - timedelta(days=1)) >= cap
            since = due_since(frame, reminder, in_force_since, deferred_to_today=late_person)
            return before.take(
                alerts,
                as_of=frame.day,
                taken_at=taken_at,
                due_since=opens if opens > taken_at else min(since, taken_at),
                cap=cap,
            )

        return await self._alert_logs.change(reminder.person, without_event(take), known=known, new=known is None)


def due_since(frame: RegionFrame, reminder: Reminder, in_force_since: int, *, deferred_to_today: bool) -> int:
    """Machine milliseconds since when the reminder is due: when its latest reason began or came to be known, and not
    before nobody and nothing deferred it any more: the mode, quiet times, a cap. What became due in a time that a set
    clock passed over is due since the clock was set."""
    first = max((each.first for each in reminder.reasons), default=frame.day)
    began = max(frame.begin_of(first), frame.business_time(max(reminder.changed_at, in_force_since)))
    if deferred_to_today:
        began = max(began, frame.begin_of(frame.day))
    since = frame.machine_ms(allowed_from(frame.policy, frame.zone, min(began, frame.now)))
    return max(since, frame.clock_set_at)
