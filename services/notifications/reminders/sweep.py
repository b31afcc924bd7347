"""The sweep: brings the obligations up to date, then puts all due alerts of each person into one message."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date

from services.notifications.contacts.importing import ContactImporter
from services.notifications.messages.alert_log import AlertLog
from services.notifications.messages.repositories import alert_log_repository
from services.notifications.messages.writing import message_id, write_all_messages, write_message
from services.notifications.metrics import HELD, UNREACHABLE
from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.reconcile import Reconciliation
from services.notifications.reminders.due import DueList, Reminder, Unreachable
from shared.clock import Clock, machine_ms, machine_seconds
from shared.contracts.vocabulary import Zone
from shared.observability import tracing
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Store
from shared.storage.batches import in_batches, in_parallel
from shared.storage.steps import without_event

FULL_EVERY = 60.0  # seconds between two sweeps when nothing has changed and no day has begun
PAUSE_FACTOR = 4  # after a sweep that took a second, the next begins four seconds later at the earliest,
LONGEST_PAUSE = 30.0  # but at most this many seconds later


@dataclass
class SweepResult:
    """What a sweep found. queued: reminders that it put into messages; messages: the ids of these messages."""

    queued: list[Reminder] = field(default_factory=list)
    held: list[Reminder] = field(default_factory=list)
    unreachable: list[Unreachable] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


class Sweep:
    """Finds who is due and puts their alerts into messages.

    due: set by whatever changes what the sweep reads; messages_due: set when a message waits to be sent.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        due_list: DueList,
        reconciliation: Reconciliation,
        importer: ContactImporter,
        *,
        due: asyncio.Event,
        messages_due: asyncio.Event,
    ) -> None:
        self._store = store
        self._clock = clock
        self._due_list = due_list
        self._reconciliation = reconciliation
        self._importer = importer
        self._due = due
        self._messages_due = messages_due
        self._alert_logs = alert_log_repository(store)
        self._days: tuple[date, ...] = ()
        self._ended_at = -FULL_EVERY
        self._took = 0.0

    async def run_if_needed(self) -> None:
        """Sweep when something changed, when a day began in any zone, and once a minute."""
        days = tuple(local_date(self._clock.now(), zone) for zone in Zone)
        began = machine_seconds()
        since = began - self._ended_at
        if since < min(PAUSE_FACTOR * self._took, LONGEST_PAUSE) or not (
            self._due.is_set() or days != self._days or since >= FULL_EVERY
        ):
            return
        self._due.clear()
        try:
            await self.run()
        except BaseException:
            self._due.set()  # the changes were not processed
            raise
        self._days, self._ended_at = days, machine_seconds()
        self._took = self._ended_at - began

    async def run(self, as_of: date | None = None, *, future: bool = False) -> SweepResult:
        """One full sweep. as_of, future: see `DueList.entries`; the obligations themselves always follow the clock."""
        with tracing.of_request(None, None):
            await self._importer.finish()
            await self._reconciliation.run()
            result = SweepResult()
            if await write_all_messages(self._store):
                self._messages_due.set()
            async for entries in in_batches(self._due_list.entries(as_of, future=future)):
                result.unreachable += [each for each in entries if isinstance(each, Unreachable)]
                reminders = [each for each in entries if isinstance(each, Reminder)]
                result.held += [each for each in reminders if each.held]
                await in_parallel([each for each in reminders if each.alerts], lambda each: self._queue(each, result))
            UNREACHABLE.set(len(result.unreachable))
            HELD.set(sum(len(each.held) for each in result.held))
            return result

    async def _queue(self, reminder: Reminder, result: SweepResult) -> None:
        reach(Failpoint.ALERT_DUE, reminder.person)
        taken_at = machine_ms()

        def take(log: AlertLog | None) -> AlertLog | None:
            log = log or AlertLog(person=reminder.person, region=reminder.region)
            return log.take(reminder.alerts, as_of=reminder.as_of, taken_at=taken_at)

        log = await self._alert_logs.change(reminder.person, without_event(take))
        if not log.changed:
            return  # another process was faster, or an earlier message is unwritten
        message = message_id(reminder.person, log.value.last)
        reach(Failpoint.ALERT_TAKEN, message)
        await write_message(self._store, reminder.person)
        result.queued.append(reminder)
        result.messages.append(message)
        self._messages_due.set()
