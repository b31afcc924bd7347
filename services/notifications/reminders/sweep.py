"""The sweep: the ledger catches up, then each person's post takes, in one change, all due alerts that it lacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from services.notifications.contacts.importing import Importing
from services.notifications.kinds import POST
from services.notifications.messages import alert_log as posts
from services.notifications.messages.writing import message_id, write_all_out, write_out
from services.notifications.metrics import HELD, UNREACHABLE
from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.reconcile import CatchingUp
from services.notifications.reminders.due import Due, Question, Unreachable
from services.notifications.wakeup import Bell
from shared.clock import Clock, machine_ms, machine_seconds
from shared.contracts.vocabulary import Zone
from shared.observability import tracing
from shared.observability.failpoints import Moment, passing
from shared.ports.store import Store
from shared.storage.batches import in_batches, together
from shared.storage.steps import quietly

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
    """Asks and takes. `bell` rings it; it rings `postman` when there is something to hand over."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        question: Question,
        catching_up: CatchingUp,
        importing: Importing,
        *,
        bell: Bell,
        postman: Bell,
    ) -> None:
        self._store = store
        self._clock = clock
        self._question = question
        self._catching_up = catching_up
        self._importing = importing
        self._bell = bell
        self._postman = postman
        self._days: tuple[date, ...] = ()
        self._ended_at = -FULL_EVERY
        self._took = 0.0

    async def run_if_needed(self) -> None:
        """Sweep when the bell rang, when a day began anywhere, and once a minute."""
        days = tuple(local_date(self._clock.now(), zone) for zone in Zone)
        began = machine_seconds()
        since = began - self._ended_at
        if since < min(RESTS * self._took, LONGEST_REST) or not (
            self._bell.rung or days != self._days or since >= FULL_EVERY
        ):
            return
        self._bell.rung = False
        try:
            await self.run()
        except BaseException:
            self._bell.rung = True  # what rang is still to be answered
            raise
        self._days, self._ended_at = days, machine_seconds()
        self._took = self._ended_at - began

    async def run(self, as_of: date | None = None, *, future: bool = False) -> Found:
        """One full sweep. as_of, future: see `Question.ask`; the ledger itself always follows the clock."""
        with tracing.of_request(None, None):
            await self._importing.finish()
            await self._catching_up.run()
            found = Found()
            if await write_all_out(self._store):
                self._postman.ring()
            async for answers in in_batches(self._question.ask(as_of, future=future)):
                found.unreachable += [each for each in answers if isinstance(each, Unreachable)]
                dues = [each for each in answers if isinstance(each, Due)]
                found.held += [due for due in dues if due.held]
                await together([due for due in dues if due.alerts], lambda due: self._take(due, found))
            UNREACHABLE.set(len(found.unreachable))
            HELD.set(sum(len(due.held) for due in found.held))
            return found

    async def _take(self, due: Due, found: Found) -> None:
        passing(Moment.ALERT_DUE, due.person)
        taken_at = machine_ms()
        document = await self._store.change(
            POST.name,
            due.person,
            quietly(
                lambda post: posts.take(
                    post, due.alerts, person=due.person, region=due.region, as_of=due.as_of, taken_at=taken_at
                )
            ),
        )
        if not document.changed:
            return  # somebody was faster, or an earlier message is still to be written
        message = message_id(due.person, document.state["last"])
        passing(Moment.ALERT_TAKEN, message)
        await write_out(self._store, due.person)
        found.told.append(due)
        found.messages.append(message)
        self._postman.ring()
