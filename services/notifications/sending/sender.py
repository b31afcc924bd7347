"""Sends due messages: opens an attempt, hands the message over, closes the attempt.

The attempt is stored before anything is handed over, and only one process can open it. So no message is handed over
twice, except one whose attempt was open at a crash or was never answered.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.known import KnownFacts
from services.notifications.messages.attempt import AttemptOutcome, Result
from services.notifications.messages.message import UNSETTLED, Message, MessageStatus
from services.notifications.messages.rendering import RenderedMessage
from services.notifications.messages.repositories import message_repository
from services.notifications.messages.writing import release_all, release_message
from services.notifications.metrics import ATTEMPTS
from services.notifications.sending.channel import Channel
from services.notifications.sending.health import ChannelHealth
from services.notifications.sending.preparation import Preparation
from shared.clock import Clock, machine_ms
from shared.contracts.contract import draft
from shared.contracts.event import Draft
from shared.faults import StoreAway
from shared.observability import tracing
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import OneOf, Range, Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

AT_ONCE = 4  # hand-overs in flight
BATCH = 20
CLOSE_RETRIES = (0.5, 1, 2, 4, 8, 15, 15, 15)  # seconds between tries to store an outcome while the store is away

log = structlog.get_logger("notifications")


class Sender:
    """Sends through one channel. reply_to: whether a message may invite a reply."""

    def __init__(
        self, store: Store, known_facts: KnownFacts, clock: Clock, channel: Channel, *, reply_to: bool
    ) -> None:
        self._store = store
        self._messages = message_repository(store)
        self._contacts = contact_repository(store)
        self._clock = clock
        self._channel = channel
        self._preparation = Preparation(store, known_facts, clock, reply_to=reply_to)
        self._stopping = False
        self._probing = False
        self.health = ChannelHealth(store, channel.name)

    async def run(self) -> int:
        """Attempt every message that is due; returns how many were attempted or dropped. When cancelled, it finishes
        the hand-overs in flight first, so that stopping a service leaves no attempt open."""
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
            attempted = await self._batch(1 if self._probing else BATCH)
            count += attempted
            if not attempted:
                break
        return count

    async def _batch(self, most: int) -> int:
        where = {"status": OneOf([status.value for status in UNSETTLED]), "due": Range(most=machine_ms())}
        page = await self._messages.list(where, sort=[("due", 1)], limit=most, after=None)
        attempted = 0
        for start in range(0, len(page.items), AT_ONCE):
            if self._stopping or (start and await self.health.why_stopped()):
                break
            batch = page.items[start : start + AT_ONCE]
            results = await asyncio.gather(*(self._attempt(each) for each in batch), return_exceptions=True)
            for result in results:  # all have ended; the first error is raised for all
                if isinstance(result, BaseException):
                    raise result
                attempted += result
        return attempted

    async def _attempt(self, found: Versioned[Message]) -> bool:
        """Attempt one message. Returns whether this process opened the attempt, or dropped the message."""
        with tracing.of_request(None, None):
            contact = await self._contacts.find(found.value.person)
            rendered = await self._preparation.render(found.id, found.value, contact.value) if contact else None
            current = frozenset(alert.id for alert in rendered.alerts) if rendered else frozenset()
            now = machine_ms()
            opened = await self._messages.amend(
                found.id,
                None,
                without_event(lambda message: message.open_attempt(self._channel.name, current, now)),
            )
            if not opened.changed:
                return False
            if rendered and opened.value.status is MessageStatus.OPEN:
                await self._hand_over(opened, rendered)
            else:
                log.info("message.dropped", message=found.id)
            if opened.value.release:
                await release_message(self._store, opened)
            return True

    async def _hand_over(self, opened: Versioned[Message], rendered: RenderedMessage) -> None:
        reach(Failpoint.ATTEMPT_OPENED, opened.id)
        number = len(opened.value.attempts)
        outcome = await self._channel.hand_over(rendered)
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
            status=closed.value.status.value,
        )
        ATTEMPTS.labels(self._channel.name, outcome.result.value).inc()
        await self._react(closed, rendered, outcome)

    async def _close(self, message: str, number: int, outcome: AttemptOutcome) -> Versioned[Message]:
        """Store the outcome, retrying while the store is away: an accepted mail must not be repeated for that. Raises
        StoreAway after the last retry; then the attempt's lease decides."""
        settled_at, origin = self._clock.now(), tracing.origin(self._clock)

        def decide(before: Message) -> tuple[Message, Draft | None] | None:
            after = before.close_attempt(number, outcome, machine_ms(), settled_at)
            if after is None:
                return None
            event = after.event()
            return after, draft(*event, after.region, origin) if event else None

        for pause in CLOSE_RETRIES:
            with suppress(StoreAway):
                return await self._messages.amend(message, None, decide)
            if self._stopping:
                break
            await asyncio.sleep(pause)
        return await self._messages.amend(message, None, decide)

    async def _react(self, closed: Versioned[Message], rendered: RenderedMessage, outcome: AttemptOutcome) -> None:
        """Stop or resume the channel, or flag the address, as the outcome requires."""
        if outcome.result is Result.STOPPED:
            await self.health.stop(outcome.code or "unknown")
        elif self._probing and outcome.result is not Result.LATER:
            await self.health.resume()
        if outcome.result is Result.BAD_ADDRESS:

            def flag(contact: Contact) -> Contact | None:
                return contact.with_closed(ChannelName.EMAIL, rendered.to, outcome.code or "")

            await self._contacts.amend(closed.value.person, None, without_event(flag))
            await release_message(self._store, closed)
