"""Makes one attempt: opens it, hands the message over, stores the answer.

The attempt is stored before anything is handed over, and only one process can open it. So no message is handed over
twice, except one whose attempt was open at a crash or was never answered: SMTP and the WhatsApp Cloud API have no way
to ask "did you take it?". The window in which a crash causes that begins with the provider's answer and ends with our
record of it; `satu_attempt_record_seconds` measures it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.attempt import Attempt, attempt_id
from services.notifications.messages.message import Message, MessageStatus, Via
from services.notifications.messages.outcome import given_up, settles, with_answer
from services.notifications.messages.rendered import RenderedMessage
from services.notifications.messages.repositories import message_repository
from services.notifications.metrics import ATTEMPTS, FALLBACKS, RECORD_SECONDS, UNCERTAIN
from services.notifications.sending.bodies import Bodies
from services.notifications.sending.channel import Channel, HandOver
from services.notifications.sending.consequences import Consequences
from services.notifications.sending.health import ChannelHealth
from services.notifications.sending.preparation import Prepared
from services.notifications.sending.routing import Try
from shared.clock import Clock, machine_ms, machine_seconds
from shared.contracts.contract import draft
from shared.contracts.event import Draft
from shared.faults import StoreAway
from shared.observability import tracing
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

CLOSE_RETRIES = (0.5, 1, 2, 4, 8, 15, 15, 15)  # seconds between tries to store an answer while the store is away

NOT_TRIED = Answer(AnswerClass.AWAY, "channel-blocked")
"""Another hand-over has found out meanwhile that the channel is blocked."""

log = structlog.get_logger("notifications")


@dataclass(frozen=True)
class Provider:
    """A channel with its health. places: of its hand-overs in flight; the store is written to outside of them, so that
    many writes share a commit; probing: this message finds out whether a blocked channel works again."""

    channel: Channel
    health: ChannelHealth
    places: asyncio.Semaphore
    probing: bool = False

    @property
    def blocked(self) -> bool:
        """Whether nothing may be handed over now."""
        return not self.probing and self.health.state.blocked_since(machine_ms()) is not None


@dataclass(frozen=True)
class Made:
    """An attempt that was made. message: with its answer."""

    message: Versioned[Message]
    attempt: Attempt


class HandOvers:
    """stopping: whether the service is being stopped."""

    def __init__(
        self, store: Store, clock: Clock, bodies: Bodies, consequences: Consequences, stopping: Callable[[], bool]
    ) -> None:
        self._messages = message_repository(store)
        self._clock = clock
        self._bodies = bodies
        self._consequences = consequences
        self._stopping = stopping

    async def make(self, prepared: Prepared, how: Try, via: Provider, content: RenderedMessage) -> Made | None:
        """Make the attempt; None when another process was faster."""
        channel = via.channel
        attempted = Via(
            channel=channel.name.value,
            driver=channel.driver,
            receipts=channel.has_receipts,
            fallback=how.fallback,
            address_revision=prepared.contact.address_revision if prepared.contact else 1,
            address_number=prepared.contact.record(channel.name).number if prepared.contact else 0,
            ttl=prepared.ttl if channel.has_receipts else None,
            template=content.stamp,
        )
        opened = await self._open(prepared, attempted, prepared.holding_through(channel.name))
        attempt = opened.value.last
        if not opened.changed or attempt is None or opened.value.status is not MessageStatus.OPEN:
            return None
        reach(Failpoint.FALLBACK_OPENED if how.fallback else Failpoint.ATTEMPT_OPENED, opened.id)
        if how.fallback:
            FALLBACKS.labels(channel.name).inc()
        if attempt.possibly_repeated:
            UNCERTAIN.labels(channel.name).inc()
        answer = await self._hand_over(attempt, prepared, via, content)
        answered_at = machine_seconds()
        if answer.answer is AnswerClass.ACCEPTED:
            reach(Failpoint.ATTEMPT_MADE, opened.id)
        closed = await self._close(opened, attempt.number, answer)
        RECORD_SECONDS.labels(channel.name).observe(machine_seconds() - answered_at)
        reach(Failpoint.ATTEMPT_CLOSED, opened.id)
        made = next(each for each in closed.value.attempts if each.number == attempt.number)
        _say(closed, made, answer)
        await self._consequences.of_facts(closed, attempt.number)
        return Made(closed, made)

    async def drop(self, prepared: Prepared) -> bool:
        """Drop a message of which nothing holds, or that has no reader; whether this process did."""
        dropped = await self._open(prepared, Via(""), frozenset())
        if dropped.changed:
            log.info("message.dropped", message=dropped.id)
            await self._consequences.of_facts(dropped)
        return dropped.changed

    async def give_up(self, id: str) -> bool:
        """Give a message up for which nothing is left to try; whether this process did."""
        at, origin, now = self._clock.now(), tracing.origin(self._clock), machine_ms()

        def decide(before: Message) -> tuple[Message, Draft | None] | None:
            after = given_up(before, now, at)
            if after is None:
                return None
            event = after.event() if settles(after, before) else None
            return after, draft(*event, after.region, origin) if event else None

        changed = await self._messages.amend(id, None, decide)
        if changed.changed:
            log.warning("message.given-up", message=id, status=changed.value.status.value, code=changed.value.code)
            await self._consequences.of_facts(changed)
        return changed.changed

    async def look_again(self, id: str, until: int, deferred: str = "") -> None:
        """Have a message looked at again at `until` (machine milliseconds). See `Message.look_again`."""
        now = machine_ms()
        await self._messages.amend(id, None, without_event(lambda message: message.look_again(until, now, deferred)))

    async def _open(self, prepared: Prepared, via: Via, holding: frozenset[str]) -> Versioned[Message]:
        now = machine_ms()
        return await self._messages.amend(
            prepared.found.id,
            None,
            without_event(lambda message: message.open_attempt(via, holding, now)),
            known=prepared.found,
        )

    async def _hand_over(self, attempt: Attempt, prepared: Prepared, via: Provider, content: RenderedMessage) -> Answer:
        id = attempt_id(prepared.message.person, prepared.message.number, attempt.number)
        hand_over = HandOver(attempt=id, to=content.to, name=content.name, content=content, ttl=prepared.ttl)
        keeping = asyncio.ensure_future(self._bodies.keep(id, attempt.channel, content))
        async with via.places:
            answer = NOT_TRIED
            if not via.blocked:
                answer = await via.channel.hand_over(hand_over)
                try:
                    await self._consequences.for_channel(via.health, prepared.message.person, attempt.template, answer)
                except StoreAway:
                    log.warning("channel.not-noted", channel=via.channel.name.value, result=answer.answer.value)
        try:
            await keeping
        except StoreAway:
            log.warning("body.not-kept", attempt=id)
        return answer

    async def _close(self, opened: Versioned[Message], number: int, answer: Answer) -> Versioned[Message]:
        """Store the answer, retrying while the store is away: an accepted message must not be repeated for that. Raises
        StoreAway after the last retry; then the attempt's lease decides."""
        at, origin = self._clock.now(), tracing.origin(self._clock)

        def decide(before: Message) -> tuple[Message, Draft | None] | None:
            after = with_answer(before, number, answer, machine_ms(), at)
            if after is None:
                return None
            event = after.event() if settles(after, before) else None
            return after, draft(*event, after.region, origin) if event else None

        for pause in CLOSE_RETRIES:
            with suppress(StoreAway):
                return await self._messages.amend(opened.id, None, decide, known=opened)
            if self._stopping():
                break
            await asyncio.sleep(pause)
        return await self._messages.amend(opened.id, None, decide, known=opened)


def channel_before(message: Message) -> ChannelName | None:
    """The channel on which the message was sent before, for the text of a second copy."""
    return next((ChannelName(each.channel) for each in reversed(message.attempts) if not each.fallback), None)


def _say(closed: Versioned[Message], attempt: Attempt, answer: Answer) -> None:
    ATTEMPTS.labels(attempt.channel, answer.answer.value).inc()
    log.info(
        "attempt.closed",
        message=closed.id,
        attempt=attempt.number,
        channel=attempt.channel,
        result=answer.answer.value,
        code=answer.code or None,
        status=closed.value.status.value,
    )
