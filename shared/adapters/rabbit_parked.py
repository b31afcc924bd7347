"""Walking a parked queue on RabbitMQ.

Each message is fetched without an ack; those that stay are never touched: when the walk's channel closes, the broker
puts them back in their places. So a walk that is broken off, at any point, loses, doubles and reorders nothing that
was to stay. A return counts as a delivery, which is why parked queues have a delivery limit of a million.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aio_pika.abc import AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import ChannelNotFoundEntity

from shared.adapters import rabbit_headers
from shared.adapters.rabbit_inbox import missing_queue
from shared.adapters.rabbit_line import Line
from shared.adapters.rabbit_publisher import Letter, Publisher
from shared.adapters.rabbit_trouble import close_channel, limited
from shared.bus import Parked
from shared.contracts.subscriptions import Subscription
from shared.faults import QueueMissing, Unroutable
from shared.topology import own, parked_name


class ParkedQueue:
    """The parked messages of one subscription. seconds: the time limit of each step, not of the walk."""

    def __init__(self, subscription: Subscription, line: Line, publisher: Publisher, *, seconds: float) -> None:
        self._subscription = subscription
        self._line = line
        self._publisher = publisher
        self._seconds = seconds
        self._name = parked_name(subscription.name)

    async def look(self) -> AsyncIterator[Parked]:
        """See `shared.bus.Bus.parked`."""
        async with self._opened() as queue:
            async for message in self._walk(queue):
                yield _parked(message)

    async def take_out(self, ids: frozenset[str], *, replay: bool) -> int:
        """See `shared.bus.Bus.unpark`."""
        moved = 0
        async with self._opened() as queue:
            async for message in self._walk(queue):
                id = rabbit_headers.identity(message.message_id, message.body)
                if id not in ids:
                    continue
                if replay:
                    await self._replay(id, message.body)
                async with limited(f"ack on {self._name}", self._seconds):
                    await message.ack()
                moved += 1
        return moved

    async def _replay(self, id: str, body: bytes) -> None:
        """With no header at all: attempt 0, and nothing that the broker remembers of it."""
        letter = Letter(own(self._subscription.service), self._subscription.name, id, body, {})
        try:
            await self._publisher.publish(letter)
        except Unroutable as error:
            raise QueueMissing(missing_queue(self._subscription.name)) from error

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[AbstractQueue]:
        async with limited(f"open {self._name}", self._seconds):
            channel = await self._line.channel(confirms=False)
            try:
                queue = await channel.get_queue(self._name)
            except ChannelNotFoundEntity as error:
                raise QueueMissing(missing_queue(self._name)) from error
        try:
            yield queue
        finally:
            await close_channel(channel)

    async def _walk(self, queue: AbstractQueue) -> AsyncIterator[AbstractIncomingMessage]:
        """As many as there were at the beginning: what is replayed and fails again comes back at the end."""
        for _ in range(queue.declaration_result.message_count or 0):
            async with limited(f"fetch from {self._name}", self._seconds):
                message = await queue.get(fail=False, no_ack=False)
            if message is None:
                return
            yield message


def _parked(message: AbstractIncomingMessage) -> Parked:
    trouble = rabbit_headers.read_parked(message.headers)
    return Parked(
        id=rabbit_headers.identity(message.message_id, message.body),
        body=message.body,
        reason=trouble.reason,
        fault=trouble.fault,
        attempt=trouble.attempt,
        first_at=trouble.first_at,
        last_at=trouble.last_at,
    )
