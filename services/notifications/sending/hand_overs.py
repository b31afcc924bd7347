"""Makes attempts: opens them, hands each message over, stores the answers, many in one go.

The attempt is stored before anything is handed over, and only one process can open it. So no message is handed over
twice, except one whose attempt was open at a crash or was never answered: SMTP and the WhatsApp Cloud API have no way
to ask "did you take it?". The window in which a crash causes that begins with the provider's answer and ends with our
record of it; `satu_attempt_record_seconds` measures it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
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
from services.notifications.sending.bodies import Bodies, KeptAttempt
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
from shared.storage.repository import Amendment, Versioned
from shared.storage.steps import without_event

CLOSE_RETRIES = (0.5, 1, 2, 4, 8, 15, 15, 15)  # seconds between tries to store an answer while the store is away

NOT_TRIED = Answer(AnswerClass.AWAY, "channel-blocked")
"""Another hand-over has found out meanwhile that the channel is blocked."""

log = structlog.get_logger("notifications")


@dataclass(frozen=True)
class Provider:
    """A channel with its health. probing: this message finds out whether a blocked channel works again."""

    channel: Channel
    health: ChannelHealth
    probing: bool = False

    @property
    def blocked(self) -> bool:
        """Whether nothing may be handed over now."""
        return not self.probing and self.health.state.blocked_since(machine_ms()) is not None


@dataclass(frozen=True)
class Wanted:
    """An attempt that is to be made."""

    prepared: Prepared
    how: Try
    content: RenderedMessage


@dataclass(frozen=True)
class Opened:
    """An attempt that is stored, and not yet answered. message: with it."""

    wanted: Wanted
    message: Versioned[Message]
    attempt: Attempt

    @property
    def id(self) -> str:
        """The attempt's."""
        message = self.message.value
        return attempt_id(message.person, message.number, self.attempt.number)


@dataclass(frozen=True)
class Answered:
    """at: machine seconds of the answer."""

    opened: Opened
    answer: Answer
    at: float


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

    async def open(self, wanted: Sequence[Wanted], via: Provider) -> list[Opened | Exception]:
        """Store that attempts begin; those for which another process was faster are left out. For one that could not be
        stored: why."""
        now = machine_ms()
        stored = await self._messages.amend_many([self._opening(each, via.channel, now) for each in wanted])
        found: list[Opened | Exception] = []
        for each, opened in zip(wanted, stored, strict=True):
            if isinstance(opened, Exception):
                found.append(opened)
                continue
            attempt = opened.value.last
            if not opened.changed or attempt is None or opened.value.status is not MessageStatus.OPEN:
                continue
            reach(Failpoint.FALLBACK_OPENED if attempt.fallback else Failpoint.ATTEMPT_OPENED, opened.id)
            if attempt.fallback:
                FALLBACKS.labels(via.channel.name).inc()
            if attempt.possibly_repeated:
                UNCERTAIN.labels(via.channel.name).inc()
            found.append(Opened(each, opened, attempt))
        return found

    async def keep(self, opened: Sequence[Opened]) -> None:
        """Keep the texts of attempts, as proof."""
        try:
            await self._bodies.keep(
                [KeptAttempt(each.id, each.attempt.channel, each.wanted.content) for each in opened]
            )
        except StoreAway:
            log.warning("body.not-kept", attempts=[each.id for each in opened])

    async def make(self, opened: Opened, via: Provider) -> Answered:
        """Hand over."""
        prepared, content = opened.wanted.prepared, opened.wanted.content
        answer = NOT_TRIED
        if not via.blocked:
            answer = await via.channel.hand_over(
                HandOver(attempt=opened.id, to=content.to, name=content.name, content=content, ttl=prepared.ttl)
            )
        at = machine_seconds()
        if answer is not NOT_TRIED:
            try:
                await self._consequences.for_channel(
                    via.health, prepared.message.person, opened.attempt.template, answer
                )
            except StoreAway:
                log.warning("channel.not-noted", channel=via.channel.name.value, result=answer.answer.value)
        if answer.answer is AnswerClass.ACCEPTED:
            reach(Failpoint.ATTEMPT_MADE, opened.message.id)
        return Answered(opened, answer, at)

    async def close(self, answered: Sequence[Answered]) -> list[Made | Exception]:
        """Store answers, retrying while the store is away: an accepted message must not be repeated for that. For one
        that could not be stored: why; then the attempt's lease decides. What follows from them is left to `follow`."""
        amendments = [self._closing(each) for each in answered]
        done = list(await self._messages.amend_many(amendments))
        for pause in CLOSE_RETRIES:
            away = [place for place, each in enumerate(done) if isinstance(each, StoreAway)]
            if not away or self._stopping():
                break
            await asyncio.sleep(pause)
            again = await self._messages.amend_many([amendments[place] for place in away])
            for place, each in zip(away, again, strict=True):
                done[place] = each
        bound = log.bind()
        return [
            stored if isinstance(stored, Exception) else _made(each, stored, bound)
            for each, stored in zip(answered, done, strict=True)
        ]

    async def follow(self, made: Made) -> None:
        """What an answer changes outside its message."""
        await self._consequences.of_facts(made.message, made.attempt.number)

    async def drop(self, prepared: Prepared) -> bool:
        """Drop a message of which nothing holds, or that has no reader; whether this process did."""
        now = machine_ms()
        dropped = await self._messages.amend(
            prepared.found.id,
            None,
            without_event(lambda message: message.open_attempt(Via(""), frozenset(), now)),
            known=prepared.found,
        )
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

    def _opening(self, wanted: Wanted, channel: Channel, now: int) -> Amendment[Message]:
        prepared, how = wanted.prepared, wanted.how
        via = Via(
            channel=channel.name.value,
            driver=channel.driver,
            receipts=channel.has_receipts,
            fallback=how.fallback,
            address_revision=prepared.contact.address_revision if prepared.contact else 1,
            address_number=prepared.contact.record(channel.name).number if prepared.contact else 0,
            ttl=prepared.ttl if channel.has_receipts else None,
            template=wanted.content.stamp,
        )
        holding = prepared.holding_through(channel.name)
        return Amendment(prepared.found, without_event(lambda message: message.open_attempt(via, holding, now)))

    def _closing(self, answered: Answered) -> Amendment[Message]:
        at, origin = self._clock.now(), tracing.origin(self._clock)
        number, answer = answered.opened.attempt.number, answered.answer

        def decide(before: Message) -> tuple[Message, Draft | None] | None:
            after = with_answer(before, number, answer, machine_ms(), at)
            if after is None:
                return None
            event = after.event() if settles(after, before) else None
            return after, draft(*event, after.region, origin) if event else None

        return Amendment(answered.opened.message, decide)


def _made(answered: Answered, closed: Versioned[Message], bound: structlog.stdlib.BoundLogger) -> Made:
    number = answered.opened.attempt.number
    RECORD_SECONDS.labels(answered.opened.attempt.channel).observe(machine_seconds() - answered.at)
    reach(Failpoint.ATTEMPT_CLOSED, closed.id)
    attempt = next(each for each in closed.value.attempts if each.number == number)
    _say(closed, attempt, answered.answer, bound)
    return Made(closed, attempt)


def channel_before(message: Message) -> ChannelName | None:
    """The channel on which the message was sent before, for the text of a second copy."""
    return next((ChannelName(each.channel) for each in reversed(message.attempts) if not each.fallback), None)


def _say(closed: Versioned[Message], attempt: Attempt, answer: Answer, bound: structlog.stdlib.BoundLogger) -> None:
    ATTEMPTS.labels(attempt.channel, answer.answer.value).inc()
    bound.info(
        "attempt.closed",
        message=closed.id,
        attempt=attempt.number,
        channel=attempt.channel,
        result=answer.answer.value,
        code=answer.code or None,
        status=closed.value.status.value,
    )
