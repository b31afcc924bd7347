"""The postman: opens an attempt, hands over, closes the attempt.

The attempt is durable before anything is handed over, and only one process can open it; so no message is handed over
twice, except one whose attempt was open at a crash or was never answered.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import structlog

from services.notifications.contacts.contact import flag
from services.notifications.kinds import CONTACT, MESSAGE, OBLIGATION
from services.notifications.known import KnownFacts
from services.notifications.messages import message as messages
from services.notifications.messages.alert import holds
from services.notifications.messages.attempt import AttemptOutcome, Result
from services.notifications.messages.letter import Letter, ToldAlert, compose
from services.notifications.messages.writing import release, release_all
from services.notifications.metrics import ATTEMPTS
from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.ledger import obligation_id
from services.notifications.obligations.owing import owing_in
from services.notifications.sending.channel import Channel
from services.notifications.sending.health import ChannelHealth
from shared.clock import Clock, machine_ms
from shared.contracts.contract import draft
from shared.contracts.message import Alert
from shared.contracts.obligation import ObligationState
from shared.contracts.vocabulary import CountsWhen
from shared.faults import StoreAway
from shared.observability import tracing
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Decision, Document, OneOf, Range, State, Store
from shared.storage.steps import if_exists

AT_ONCE = 4  # hand-overs in flight
BATCH = 20
CLOSING = (0.5, 1, 2, 4, 8, 15, 15, 15)  # seconds between tries to record an outcome while the store is away

log = structlog.get_logger("notifications")


@dataclass(frozen=True)
class Prepared:
    """What a message would say if it were handed over now. letter: None when nothing in it is true any more, or the
    person cannot be reached."""

    letter: Letter | None

    @property
    def true(self) -> frozenset[str]:
        """The ids of the alerts that still hold."""
        return frozenset(alert.id for alert in self.letter.alerts) if self.letter else frozenset()


class Sender:
    """Of one channel. reply_to: whether a letter may ask for an answer."""

    def __init__(
        self, store: Store, known_facts: KnownFacts, clock: Clock, channel: Channel, *, reply_to: bool
    ) -> None:
        self._store = store
        self._known_facts = known_facts
        self._clock = clock
        self._channel = channel
        self._reply_to = reply_to
        self._stopping = False
        self._probing = False
        self.health = ChannelHealth(store, channel.name)

    async def run(self) -> int:
        """Attempt every message that is due; returns how many were attempted or dropped. When it is cancelled it ends
        the hand-overs under way first, so that stopping a service leaves no attempt open."""
        self._stopping = False
        work = asyncio.ensure_future(self._run())
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            self._stopping = True
            await asyncio.gather(work, return_exceptions=True)
            raise

    async def _run(self) -> int:
        await release_all(self._store)
        count = 0
        while not self._stopping:
            self._probing = bool(await self.health.why_stopped())
            if self._probing and not await self.health.may_probe():
                break
            made = await self._batch(1 if self._probing else BATCH)
            count += made
            if not made:
                break
        return count

    async def _batch(self, most: int) -> int:
        where = {"status": OneOf([status.value for status in messages.UNSETTLED]), "due": Range(most=machine_ms())}
        page = await self._store.find(MESSAGE.name, where, sort=[("due", 1)], limit=most)
        made = 0
        for start in range(0, len(page.documents), AT_ONCE):
            if self._stopping or (start and await self.health.why_stopped()):
                break
            batch = page.documents[start : start + AT_ONCE]
            results = await asyncio.gather(*(self._attempt(each) for each in batch), return_exceptions=True)
            for result in results:  # all have ended; the first fault is everybody's
                if isinstance(result, BaseException):
                    raise result
                made += result
        return made

    async def _attempt(self, found: Document) -> bool:
        """Whether this process opened (or dropped) it."""
        with tracing.of_request(None, None):
            person = found.state["person"]
            contact = await self._store.get(CONTACT.name, person)
            prepared = await self._prepare(found, contact.state) if contact and contact.state["reachable"] else _NOTHING
            now = machine_ms()
            opened = await self._store.change(
                MESSAGE.name,
                found.id,
                if_exists(lambda state: messages.open_attempt(state, self._channel.name, prepared.true, now)),
            )
            if not opened.changed:
                return False
            if prepared.letter and opened.state["status"] == messages.MessageStatus.OPEN:
                await self._hand_over(opened, prepared.letter)
            else:
                log.info("message.dropped", message=found.id)
            if opened.state["release"]:
                await release(self._store, opened.id, opened.state)
            return True

    async def _hand_over(self, opened: Document, letter: Letter) -> None:
        reach(Failpoint.ATTEMPT_OPENED, opened.id)
        number = len(opened.state["attempts"])
        outcome = await self._channel.hand_over(letter)
        if outcome.result is Result.TAKEN:
            reach(Failpoint.ATTEMPT_MADE, opened.id)
        closed = await self._close(opened.id, number, outcome)
        reach(Failpoint.ATTEMPT_CLOSED, opened.id)
        log.info(
            "attempt.closed",
            message=opened.id,
            attempt=number,
            channel=self._channel.name,
            result=outcome.result.value,
            code=outcome.code,
            status=closed.state["status"],
        )
        ATTEMPTS.labels(self._channel.name, outcome.result.value).inc()
        await self._consequences(closed, letter, outcome)

    async def _close(self, message: str, number: int, outcome: AttemptOutcome) -> Document:
        """Record the outcome, also when the store is away for a while: a mail that was taken must not be repeated for
        that. Raises StoreAway in the end; the lease then decides."""
        settled_at, origin = self._clock.now(), tracing.origin(self._clock)

        def decide(state: State | None) -> Decision:
            after = messages.close_attempt(state, number, outcome, machine_ms(), settled_at) if state else None
            if after is None:
                return None
            report = messages.report(after)
            return after, draft(*report, after["region"], origin) if report else None

        for pause in CLOSING:
            with suppress(StoreAway):
                return await self._store.change(MESSAGE.name, message, decide)
            if self._stopping:
                break
            await asyncio.sleep(pause)
        return await self._store.change(MESSAGE.name, message, decide)

    async def _consequences(self, closed: Document, letter: Letter, outcome: AttemptOutcome) -> None:
        if outcome.result is Result.STOPPED:
            await self.health.stop(outcome.code or "unknown")
        elif self._probing and outcome.result is not Result.LATER:
            await self.health.go_on()
        if outcome.result is Result.BAD_ADDRESS:
            person = closed.state["person"]
            await self._store.change(CONTACT.name, person, if_exists(lambda state: flag(state, letter.to)))
            await release(self._store, closed.id, closed.state)

    async def _prepare(self, message: Document, contact: State) -> Prepared:
        """The letter with those alerts that still hold, judged by today, or by the later day that an operator asked
        about on the log channel."""
        region = await self._known_facts.region(message.state["region"])
        if region is None:
            return _NOTHING
        today = max(local_date(self._clock.now(), region.region.zone), date.fromisoformat(message.state["as_of"]))
        told = [
            await self._told(Alert.model_validate(each), today)
            for each in message.state["alerts"]
            if each["agency"] in contact["agencies"]  # who moved on since is told of their own agency only
        ]
        true = [each for each in told if each]
        if not true:
            return _NOTHING
        letter = compose(
            message=message.id,
            mail=message.state["mail"],
            to=contact["email"],
            name=contact["name"],
            region=region.region.name,
            told=true,
            today=today,
            reply_to=self._reply_to,
        )
        return Prepared(letter)

    async def _told(self, alert: Alert, today: date) -> ToldAlert | None:
        obligation = await self._store.get(OBLIGATION.name, obligation_id(alert.agency, alert.year))
        agency = await self._known_facts.agency(alert.agency)
        if obligation is None or agency is None or not holds(alert, owing_in(obligation.state), today):
            return None
        return ToldAlert(
            alert=alert,
            agency=agency.agency.name,
            obligation=ObligationState.model_validate(obligation.state["public"]),
            counts_when=CountsWhen(obligation.state["facts"]["region"]["counts_when"]),
        )


_NOTHING = Prepared(None)
