"""One open consumer of one subscription on RabbitMQ."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aio_pika.exceptions import ChannelNotFoundEntity

from shared.adapters.rabbit import headers
from shared.adapters.rabbit.errors import close_channel, limited
from shared.adapters.rabbit.headers import Trouble
from shared.adapters.rabbit.publisher import Publication, Publisher
from shared.clock import Clock
from shared.contracts.subscriptions import Subscription
from shared.contracts.topology import own, parked_name, rung_name
from shared.faults import BusAway, Fault, QueueMissing, Unroutable
from shared.ports.bus import Delivery

if TYPE_CHECKING:
    from shared.adapters.rabbit.connection import Connection

_ASK = 10  # times
_ASK_AGAIN = 0.1  # seconds


class RabbitReceiver:
    """Consumes on a channel of its own; what it moves goes through a publisher of its own, so that no topology fault
    of another's closes its channel."""

    def __init__(
        self,
        subscription: Subscription,
        line: Connection,
        publisher: Publisher,
        *,
        seconds: float,
        left: Callable[[RabbitReceiver], None],
    ) -> None:
        """left: called at close."""
        self._left = left
        self._finding_out: asyncio.Task[None] | None = None
        self._subscription = subscription
        self._line = line
        self._publisher = publisher
        self._seconds = seconds
        self._channel: AbstractChannel | None = None
        self._consumer_tag = ""
        self._held: dict[str, AbstractIncomingMessage] = {}
        self._arrived: deque[Delivery] = deque()
        self._news = asyncio.Event()
        self._end: Fault | None = None  # why no more comes

    async def open(self, prefetch: int) -> None:
        """Begin to consume. Raises QueueMissing, BusAway; then nothing is held."""
        try:
            await self._consume(prefetch)
        except BaseException:
            await self.close()
            raise

    async def _consume(self, prefetch: int) -> None:
        name = self._subscription.name
        async with limited(f"consume {name}", self._seconds):
            self._channel = await self._line.channel(confirms=False)
            try:
                await self._channel.set_qos(prefetch_count=prefetch)
                queue = await self._channel.get_queue(name)
                # The client tells of a consumer that the broker cancelled only on its lower channel.
                lower = await self._channel.get_underlay_channel()
                lower.on_consumer_cancel_callbacks.add(self._cancelled)
                self._channel.close_callbacks.add(self._closed)
                self._consumer_tag = await queue.consume(self._arrive)
            except ChannelNotFoundEntity as error:
                raise QueueMissing(missing_queue(name)) from error

    async def take(self) -> Delivery:
        """See `shared.ports.bus.Receiver`."""
        while True:
            if self._end is not None:
                raise self._end.__class__(self._end.detail)
            if self._arrived:
                return self._arrived.popleft()
            self._news.clear()
            await self._news.wait()

    async def ack(self, delivery: Delivery) -> None:
        """See `shared.ports.bus.Receiver`."""
        await self._ack(delivery)

    async def retry(self, delivery: Delivery, *, rung: int, counted: bool) -> None:
        """See `shared.ports.bus.Receiver`. rung: 0 is the first."""
        now = Clock.machine()
        trouble = Trouble(delivery.attempt, delivery.first_at)
        if counted:
            trouble = Trouble(delivery.attempt + 1, delivery.first_at or now, now)
        await self._move(delivery, rung_name(self._subscription.service, rung), self._subscription.name, trouble)

    async def park(self, delivery: Delivery, *, reason: str, fault: str) -> None:
        """See `shared.ports.bus.Receiver`."""
        now = Clock.machine()
        trouble = Trouble(delivery.attempt + 1, delivery.first_at or now, now, reason, fault)
        await self._move(delivery, own(self._subscription.service), parked_name(self._subscription.name), trouble)

    async def cancel(self) -> list[Delivery]:
        """See `shared.ports.bus.Receiver`."""
        if self._channel is not None and self._end is None:
            self._finish(BusAway("the inbox was cancelled"))
            async with limited(f"cancel {self._subscription.name}", self._seconds):
                lower = await self._channel.get_underlay_channel()
                await lower.basic_cancel(self._consumer_tag)
        rest = list(self._arrived)
        self._arrived.clear()
        return rest

    async def close(self) -> None:
        """See `shared.ports.bus.Receiver`."""
        self._finish(BusAway("the inbox is closed"))
        self._held.clear()
        if self._finding_out is not None:
            self._finding_out.cancel()
        channel, self._channel = self._channel, None
        if channel is not None:
            await close_channel(channel)
        await self._publisher.close()
        self._left(self)

    # --- What the client calls ---

    async def _arrive(self, message: AbstractIncomingMessage) -> None:
        trouble = headers.read(message.headers)
        delivery = Delivery(
            tag=str(message.delivery_tag),
            message_id=headers.identity(message.message_id, message.body),
            routing_key=message.routing_key or "",
            body=message.body,
            attempt=trouble.attempt,
            first_at=trouble.first_at,
            redelivered=bool(message.redelivered),
        )
        self._held[delivery.tag] = message
        self._arrived.append(delivery)
        self._news.set()

    async def _cancelled(self, _: object) -> None:
        """The broker ended the consumer: the queue was deleted, or its node left a cluster."""
        self._finding_out = asyncio.get_running_loop().create_task(self._find_out())

    async def _find_out(self) -> None:
        name = self._subscription.name
        try:
            # RabbitMQ 4 tells the consumer shortly before the queue is gone.
            for _ in range(_ASK):
                await queue_depth(self._line, name, self._seconds)
                await asyncio.sleep(_ASK_AGAIN)
        except Fault as fault:
            self._finish(fault)
        else:
            self._finish(BusAway(f"the broker ended the consumer of {name}"))

    def _closed(self, _: object, error: BaseException | None) -> None:
        reason = f": {type(error).__name__}" if error is not None else ""
        self._finish(BusAway(f"the channel of {self._subscription.name} is gone{reason}"))

    def _finish(self, fault: Fault) -> None:
        if self._end is None:
            self._end = fault
        self._news.set()

    # --- Moving ---

    async def _move(self, delivery: Delivery, exchange: str, key: str, trouble: Trouble) -> None:
        self._message(delivery)
        letter = Publication(exchange, key, delivery.message_id, delivery.body, headers.write(trouble))
        try:
            await self._publisher.publish(letter)
        except Unroutable as error:
            raise QueueMissing(f"{error.detail}; `satu topology apply` makes it") from error
        await self._ack(delivery)

    async def _ack(self, delivery: Delivery) -> None:
        message = self._message(delivery)
        async with limited(f"ack on {self._subscription.name}", self._seconds):
            await message.ack()
        self._held.pop(delivery.tag, None)

    def _message(self, delivery: Delivery) -> AbstractIncomingMessage:
        message = self._held.get(delivery.tag)
        if message is None or self._channel is None or self._channel.is_closed:
            raise BusAway(f"{delivery.message_id} is not held any more; it comes back by itself")
        return message


async def queue_depth(line: Connection, name: str, seconds: float) -> int:
    """How many messages are ready in the queue. Raises QueueMissing, BusAway."""
    async with limited(f"ask for {name}", seconds):
        # A queue that is missing closes the channel that asked: never one that somebody needs.
        channel = await line.channel(confirms=False)
        try:
            queue = await channel.get_queue(name)
        except ChannelNotFoundEntity as error:
            raise QueueMissing(missing_queue(name)) from error
        await channel.close()
        return queue.declaration_result.message_count or 0


def missing_queue(name: str) -> str:
    """The sentence with the cure."""
    return f"the queue {name} is missing: `satu topology apply`, then `satu resync registry`"
