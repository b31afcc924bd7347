"""The sweep: the ledger catches up, then each person's post takes, in one change, all due alerts that it lacks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date

from services.notifications.contacts.importing import Importing
from services.notifications.kinds import POST
from services.notifications.messages import alert_log as posts
from services.notifications.messages.writing import message_id, write_all_out, write_out
from services.notifications.metrics import HELD, UNREACHABLE
from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.reconcile import Reconciliation
from services.notifications.reminders.due import Due, DueList, Unreachable
from shared.clock import Clock, machine_ms, machine_seconds
from shared.contracts.vocabulary import Zone
from shared.observability import tracing
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Store
from shared.storage.batches import in_batches, in_parallel
from shared.storage.steps import without_event

FULL_EVERY = 60.0  # seconds between two sweeps when nothing rings and no day begins
RESTS = 4  # a sweep that took a second is followed by four without one, however often the bell rings,
LONGEST_REST = 30.0  # but never by more seconds than this


@dataclass
class Found:
    """What a sweep found. messages: ids of those that it made the posts take."""

    told: list[Due] = field(default_factory=list)
    held: list[Due] = field(default_factory=list)
    unreachable: list[Unreachable] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


class Sweep:
    """Finds who is due and puts their alerts into messages.

    due: set by whoever changes what the sweep reads; messages_due: set when a message waits to be sent.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        question: DueList,
        catching_up: Reconciliation,
        importing: Importing,
        *,
        due: asyncio.Event,
        messages_due: asyncio.Event,
    ) -> None:
        self._store = store
        self._clock = clock
        self._question = question
        self._catching_up = catching_up
        self._importing = importing
        self._due = due
        self._messages_due = messages_due
        self._days: tuple[date, ...] = ()
        self._ended_at = -FULL_EVERY
        self._took = 0.0

    async def run_if_needed(self) -> None:
        """Sweep when something changed, when a day began anywhere, and once a minute."""
        days = tuple(local_date(self._clock.now(), zone) for zone in Zone)
        began = machine_seconds()
        since = began - self._ended_at
        if since < min(RESTS * self._took, LONGEST_REST) or not (
            self._due.is_set() or days != self._days or since >= FULL_EVERY
        ):
            return
        self._due.clear()
        try:
            await self.run()
        except BaseException:
            self._due.set()  # what changed is still to be read
            raise
        self._days, self._ended_at = days, machine_seconds()
        self._took = self._ended_at - began

    async def run(self, as_of: date | None = None, *, future: bool = False) -> Found:
        """One full sweep. as_of, future: see `DueList.ask`; the ledger itself always follows the clock."""
        with tracing.of_request(None, None):
            await self._importing.finish()
            await self._catching_up.run()
            found = Found()
            if await write_all_out(self._store):
                self._messages_due.set()
            async for answers in in_batches(self._question.ask(as_of, future=future)):
                found.unreachable += [each for each in answers if isinstance(each, Unreachable)]
                dues = [each for each in answers if isinstance(each, Due)]
                found.held += [due for due in dues if due.held]
                await in_parallel([due for due in dues if due.alerts], lambda due: self._take(due, found))
            UNREACHABLE.set(len(found.unreachable))
            HELD.set(sum(len(due.held) for due in found.held))
            return found

    async def _take(self, due: Due, found: Found) -> None:
        reach(Failpoint.ALERT_DUE, due.person)
        taken_at = machine_ms()
        document = await self._store.change(
            POST.name,
            due.person,
            without_event(
                lambda post: posts.take(
                    post, due.alerts, person=due.person, region=due.region, as_of=due.as_of, taken_at=taken_at
                )
            ),
        )
        if not document.changed:
            return  # somebody was faster, or an earlier message is still to be written
        message = message_id(due.person, document.state["last"])
        reach(Failpoint.ALERT_TAKEN, message)
        await write_out(self._store, due.person)
        found.told.append(due)
        found.messages.append(message)
        self._messages_due.set()
