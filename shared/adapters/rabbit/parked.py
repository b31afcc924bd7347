"""Walking a parked queue on RabbitMQ.

Each message is fetched without an ack; those that stay are never touched: they are given back in the end, or by the
broker when the walk dies, into their places. So a walk that is broken off, at any point, loses, doubles and reorders
nothing that was to stay. A return counts as a delivery, which is why parked queues have a delivery limit of a million.
While one walks, another walk sees less.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import ChannelNotFoundEntity

from shared.adapters.rabbit import headers
from shared.adapters.rabbit.connection import Connection
from shared.adapters.rabbit.errors import close_channel, limited
from shared.adapters.rabbit.publisher import Publication, Publisher
from shared.adapters.rabbit.receiver import missing_queue
from shared.clock import Clock
from shared.contracts.subscriptions import Subscription
from shared.contracts.topology import own, parked_name
from shared.faults import BusAway, QueueMissing, Unroutable
from shared.ports.bus import Parked

_ALL_HELD = 0  # as a delivery tag, with `multiple`
_GIVE_BACK = 2.0  # seconds
_LOOK_AGAIN = 0.005


class ParkedQueue:
    """The parked messages of one subscription. seconds: the time limit of each step, not of the walk."""

    def __init__(self, subscription: Subscription, line: Connection, publisher: Publisher, *, seconds: float) -> None:
        self._subscription = subscription
        self._line = line
        self._publisher = publisher
        self._seconds = seconds
        self._name = parked_name(subscription.name)

    async def look(self) -> AsyncIterator[Parked]:
        """See `shared.ports.bus.Bus.parked`. To break off, `aclose` it."""
        async with self._opened() as walk:
            async for message in self._messages(walk):
                yield _parked(message)

    async def take_out(self, ids: frozenset[str], *, replay: bool) -> int:
        """See `shared.ports.bus.Bus.unpark`."""
        async with self._opened() as walk:
            async for message in self._messages(walk):
                id = headers.identity(message.message_id, message.body)
                if id not in ids:
                    continue
                if replay:
                    await self._replay(id, message.body)
                async with limited(f"ack on {self._name}", self._seconds):
                    await message.ack()
                walk.gone += 1
        return walk.gone

    async def _replay(self, id: str, body: bytes) -> None:
        """With no header at all: attempt 0, and nothing that the broker remembers of it."""
        letter = Publication(own(self._subscription.service), self._subscription.name, id, body, {})
        try:
            await self._publisher.publish(letter)
        except Unroutable as error:
            raise QueueMissing(missing_queue(self._subscription.name)) from error

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[_Walk]:
        async with limited(f"open {self._name}", self._seconds):
            channel = await self._line.channel(confirms=False)
            try:
                queue = await channel.get_queue(self._name)
            except ChannelNotFoundEntity as error:
                raise QueueMissing(missing_queue(self._name)) from error
        walk = _Walk(channel, queue)
        try:
            yield walk
        finally:
            with suppress(BusAway):
                await self._give_back(walk)
            await close_channel(channel)

    async def _messages(self, walk: _Walk) -> AsyncIterator[AbstractIncomingMessage]:
        """Until the queue is empty, or comes to what was parked after the walk began: a message that is replayed, fails
        and is parked again is not replayed for ever. (The count that the broker gives is not to be trusted here: just
        after a restart it is 0.)"""
        began = Clock.machine()
        while True:
            async with limited(f"fetch from {self._name}", self._seconds):
                message = await walk.queue.get(fail=False, no_ack=False)
            if message is None:
                return
            walk.seen += 1
            parked_at = headers.read_parked(message.headers).last_at
            if parked_at is not None and parked_at > began:
                return
            yield message

    async def _give_back(self, walk: _Walk) -> None:
        """Return what was not taken out, and wait until the broker shows it again: whoever looks next sees all."""
        async with limited(f"give back to {self._name}", _GIVE_BACK):
            behind = (await walk.queue.declare()).message_count or 0
            lower = await walk.channel.get_underlay_channel()
            await lower.basic_nack(_ALL_HELD, multiple=True, requeue=True)
            # The broker tells nobody when a return has taken effect.
            while ((await walk.queue.declare()).message_count or 0) < behind + walk.seen - walk.gone:  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_AGAIN)


@dataclass
class _Walk:
    """seen: how many messages were fetched; gone: how many of them were taken out."""

    channel: AbstractChannel
    queue: AbstractQueue
    seen: int = 0
    gone: int = 0


def _parked(message: AbstractIncomingMessage) -> Parked:
    trouble = headers.read_parked(message.headers)
    return Parked(
        id=headers.identity(message.message_id, message.body),
        body=message.body,
        reason=trouble.reason,
        fault=trouble.fault,
        attempt=trouble.attempt,
        first_at=trouble.first_at,
        last_at=trouble.last_at,
    )
