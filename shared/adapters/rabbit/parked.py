"""Lists and removes parked messages on RabbitMQ, by walking a parked queue once.

Every message is fetched without an ack. Those that stay are returned to their places at the end, or by the broker if
the walk is interrupted; so an interrupted walk never loses or reorders them, and at most the few that were being
replayed come twice. A return counts as a delivery, which is why parked queues have a delivery limit of a million. Of
two walks at once, each sees fewer messages.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import ChannelNotFoundEntity

from shared.adapters.rabbit import headers
from shared.adapters.rabbit.connection import Connection
from shared.adapters.rabbit.errors import close_channel, limited
from shared.adapters.rabbit.publication import Publication
from shared.adapters.rabbit.publisher import Publisher
from shared.adapters.rabbit.receiver import missing_queue
from shared.clock import Clock
from shared.contracts.subscriptions import Subscription
from shared.contracts.topology import own, parked_name
from shared.faults import BusAway, QueueMissing, Unroutable
from shared.ports.bus import Parked

_ALL_UNACKED = 0  # as a delivery tag, with `multiple`
_RETURN_SECONDS = 2.0
_CHECK_EVERY = 0.005  # seconds
_AT_ONCE = 64  # messages whose confirms are waited for together


class ParkedQueue:
    """The parked messages of one subscription. seconds: the time limit of each step, not of a whole walk."""

    def __init__(
        self, subscription: Subscription, connection: Connection, publisher: Publisher, *, seconds: float
    ) -> None:
        self._subscription = subscription
        self._connection = connection
        self._publisher = publisher
        self._seconds = seconds
        self._name = parked_name(subscription.name)

    async def look(self) -> AsyncIterator[Parked]:
        """See `shared.ports.bus.Bus.parked`. Stop early with `aclose`."""
        async with self._walking() as walk:
            async for message in self._messages(walk):
                yield _parked(message)

    async def take_out(self, ids: frozenset[str], *, replay: bool, progress: Callable[[int], None]) -> int:
        """See `shared.ports.bus.Bus.unpark`."""
        async with self._walking() as walk:
            chosen: list[AbstractIncomingMessage] = []
            async for message in self._messages(walk):
                if _identity(message) in ids:
                    chosen.append(message)
                if len(chosen) == _AT_ONCE:
                    await self._remove(walk, chosen, replay=replay)
                    progress(walk.removed)
                    chosen = []
            await self._remove(walk, chosen, replay=replay)
            progress(walk.removed)
        return walk.removed

    async def _remove(self, walk: _Walk, messages: list[AbstractIncomingMessage], *, replay: bool) -> None:
        """Replay them, if so asked, in their order; then ack those that the broker has confirmed. Raises the first
        fault."""
        results: list[BaseException | None] = [None] * len(messages)
        if replay:
            results = await asyncio.gather(*(self._replay(message) for message in messages), return_exceptions=True)
        for message, fault in zip(messages, results, strict=True):
            if fault is not None:
                continue
            async with limited(f"ack on {self._name}", self._seconds):
                await message.ack()
            walk.removed += 1
        for fault in results:
            if fault is not None:
                raise fault

    async def _replay(self, message: AbstractIncomingMessage) -> None:
        """Publish to the subscription's queue without headers: attempt 0, and no `x-death` of the broker."""
        id, body = _identity(message), message.body
        publication = Publication(own(self._subscription.service), self._subscription.name, id, body, {})
        try:
            await self._publisher.publish(publication)
        except Unroutable as error:
            raise QueueMissing(missing_queue(self._subscription.name)) from error

    @asynccontextmanager
    async def _walking(self) -> AsyncIterator[_Walk]:
        async with limited(f"open {self._name}", self._seconds):
            channel = await self._connection.channel(confirms=False)
            try:
                queue = await channel.get_queue(self._name)
            except ChannelNotFoundEntity as error:
                raise QueueMissing(missing_queue(self._name)) from error
        walk = _Walk(channel, queue)
        try:
            yield walk
        finally:
            with suppress(BusAway):
                await self._return_unacked(walk)
            await close_channel(channel)

    async def _messages(self, walk: _Walk) -> AsyncIterator[AbstractIncomingMessage]:
        """Fetch until the queue is empty, or a message was parked after the walk began: so a message that is replayed,
        fails and is parked again is not replayed for ever. (The broker's message count is not usable here: just after a
        restart it is 0.)"""
        began = Clock.machine()
        while True:
            async with limited(f"fetch from {self._name}", self._seconds):
                message = await walk.queue.get(fail=False, no_ack=False)
            if message is None:
                return
            walk.fetched += 1
            parked_at = headers.read_parked(message.headers).last_at
            if parked_at is not None and parked_at > began:
                return
            yield message

    async def _return_unacked(self, walk: _Walk) -> None:
        """Return what was not removed, and wait until the broker counts it again, so that the next walk sees it."""
        async with limited(f"return to {self._name}", _RETURN_SECONDS):
            not_fetched = (await walk.queue.declare()).message_count or 0
            underlay = await walk.channel.get_underlay_channel()
            await underlay.basic_nack(_ALL_UNACKED, multiple=True, requeue=True)
            # The broker sends no reply when a return has taken effect.
            while ((await walk.queue.declare()).message_count or 0) < not_fetched + walk.fetched - walk.removed:  # noqa: ASYNC110
                await asyncio.sleep(_CHECK_EVERY)


@dataclass
class _Walk:
    """fetched: number of messages so far; removed: number of those that were acked."""

    channel: AbstractChannel
    queue: AbstractQueue
    fetched: int = 0
    removed: int = 0


def _parked(message: AbstractIncomingMessage) -> Parked:
    failures = headers.read_parked(message.headers)
    return Parked(
        id=_identity(message),
        body=message.body,
        reason=failures.reason,
        fault=failures.fault,
        attempt=failures.attempt,
        first_at=failures.first_at,
        last_at=failures.last_at,
    )


def _identity(message: AbstractIncomingMessage) -> str:
    return headers.identity(message.message_id, message.body)
