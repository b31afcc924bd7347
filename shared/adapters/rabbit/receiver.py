"""An open consumer of one subscription on RabbitMQ."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import ChannelNotFoundEntity
from aiormq.abc import DeliveredMessage

from shared.adapters.arrivals import Arrivals
from shared.adapters.rabbit import headers
from shared.adapters.rabbit.acks import Acks
from shared.adapters.rabbit.errors import close_channel, limited
from shared.adapters.rabbit.fullness import Fullness
from shared.adapters.rabbit.headers import FailureHeaders
from shared.adapters.rabbit.publication import Publication
from shared.adapters.rabbit.publisher import Publisher
from shared.clock import Clock
from shared.contracts.subscriptions import Subscription
from shared.contracts.topology import own, parked_name, rung_name
from shared.faults import BusAway, Fault, QueueMissing, Refused, Unroutable
from shared.ports.bus import Delivery

if TYPE_CHECKING:
    from aiormq.channel import Channel

    from shared.adapters.rabbit.connection import Connection

_CHECKS = 10  # whether the queue still exists, after the broker has cancelled the consumer
_CHECK_EVERY = 0.1  # seconds


class RabbitReceiver:
    """See `shared.ports.bus.Receiver`. It consumes on a channel of its own and moves messages through a publisher of
    its own, so that a missing exchange of another consumer does not close its channels."""

    def __init__(
        self,
        subscription: Subscription,
        connection: Connection,
        publisher: Publisher,
        *,
        seconds: float,
        on_close: Callable[[RabbitReceiver], None],
        fullness: Fullness | None = None,
    ) -> None:
        """on_close: called by `close`; fullness: of the queue, if it is bounded."""
        self._fullness = fullness
        self._on_close = on_close
        self._checking: asyncio.Task[None] | None = None
        self._subscription = subscription
        self._connection = connection
        self._publisher = publisher
        self._seconds = seconds
        self._channel: AbstractChannel | None = None
        self._consumer_tag = ""
        self._acks: Acks | None = None
        self._held: set[str] = set()
        self._arrivals = Arrivals()

    async def open(self, prefetch: int) -> None:
        """Begin to consume. Raises QueueMissing, BusAway; then no message is held."""
        try:
            await self._consume(prefetch)
        except BaseException:
            await self.close()
            raise

    async def _consume(self, prefetch: int) -> None:
        name = self._subscription.name
        async with limited(f"consume {name}", self._seconds):
            self._channel = await self._connection.channel(confirms=False)
            try:
                await self._channel.set_qos(prefetch_count=prefetch)
                queue = await self._channel.get_queue(name)
                # The client reports a consumer cancelled by the broker on its underlay channel only.
                underlay = await self._channel.get_underlay_channel()
                underlay.on_consumer_cancel_callbacks.add(self._cancelled)
                self._channel.close_callbacks.add(self._closed)
                self._acks = Acks(cast("Channel", underlay), f"ack on {name}", self._seconds)
                # Not by the queue: the client would build a message of some 40 attributes for each delivery.
                consuming = await underlay.basic_consume(queue.name, self._arrive)
                self._consumer_tag = consuming.consumer_tag or ""
            except ChannelNotFoundEntity as error:
                raise QueueMissing(missing_queue(name)) from error

    async def take(self) -> Delivery:
        """See `shared.ports.bus.Receiver`."""
        return await self._arrivals.take()

    async def ack(self, delivery: Delivery) -> None:
        """See `shared.ports.bus.Receiver`."""
        await self._ack(delivery)

    async def retry(self, delivery: Delivery, *, rung: int, counted: bool) -> None:
        """See `shared.ports.bus.Receiver`. rung: 0 is the first."""
        now = Clock.machine()
        failures = FailureHeaders(delivery.attempt, delivery.first_at)
        if counted:
            failures = FailureHeaders(delivery.attempt + 1, delivery.first_at or now, now)
        await self._move(delivery, rung_name(self._subscription.service, rung), self._subscription.name, failures)

    async def park(self, delivery: Delivery, *, reason: str, fault: str) -> None:
        """See `shared.ports.bus.Receiver`."""
        now = Clock.machine()
        failures = FailureHeaders(delivery.attempt + 1, delivery.first_at or now, now, reason, fault)
        await self._move(delivery, own(self._subscription.service), parked_name(self._subscription.name), failures)

    async def cancel(self) -> list[Delivery]:
        """See `shared.ports.bus.Receiver`."""
        if self._channel is not None and not self._arrivals.ended:
            self._arrivals.end(BusAway("the receiver was cancelled"))
            async with limited(f"cancel {self._subscription.name}", self._seconds):
                underlay = await self._channel.get_underlay_channel()
                await underlay.basic_cancel(self._consumer_tag)
        return self._arrivals.withdraw()

    async def close(self) -> None:
        """See `shared.ports.bus.Receiver`."""
        self._arrivals.end(BusAway("the receiver is closed"))
        self._held.clear()
        if self._checking is not None:
            self._checking.cancel()
        channel, self._channel = self._channel, None
        if channel is not None:
            await close_channel(channel)
        await self._publisher.close()
        self._on_close(self)

    # --- Callbacks of the client ---

    async def _arrive(self, message: DeliveredMessage) -> None:
        properties = message.header.properties
        failures = headers.read(properties.headers or {})
        delivery = Delivery(
            tag=str(message.delivery_tag),
            message_id=headers.identity(properties.message_id, message.body),
            routing_key=message.routing_key or "",
            body=message.body,
            attempt=failures.attempt,
            first_at=failures.first_at,
            redelivered=bool(message.redelivered) or message.routing_key == self._subscription.name,
        )
        self._held.add(delivery.tag)
        self._arrivals.add([delivery])
        if self._fullness is not None:
            self._fullness.took(len(message.body))

    async def _cancelled(self, _: object) -> None:
        """The broker cancelled the consumer: the queue was deleted, or its node left the cluster."""
        self._checking = asyncio.get_running_loop().create_task(self._check_queue())

    async def _check_queue(self) -> None:
        """Find out whether the queue is missing, and finish."""
        name = self._subscription.name
        try:
            # RabbitMQ 4 cancels the consumer shortly before the queue is gone.
            for _ in range(_CHECKS):
                await queue_depth(self._connection, name, self._seconds)
                await asyncio.sleep(_CHECK_EVERY)
        except Fault as fault:
            self._arrivals.end(fault)
        else:
            self._arrivals.end(BusAway(f"the broker cancelled the consumer of {name}"))

    def _closed(self, _: object, error: BaseException | None) -> None:
        reason = f": {type(error).__name__}" if error is not None else ""
        self._arrivals.end(BusAway(f"the channel of {self._subscription.name} was closed{reason}"))

    # --- Acks and moves ---

    async def _move(self, delivery: Delivery, exchange: str, key: str, failures: FailureHeaders) -> None:
        """Publish the message elsewhere, then ack it here."""
        self._acks_of(delivery)
        publication = Publication(exchange, key, delivery.message_id, delivery.body, headers.write(failures))
        try:
            await self._publisher.publish(publication)
        except Unroutable as error:
            raise QueueMissing(f"{error.detail}; run `satu topology apply`") from error
        except Refused as error:  # the rights on all queues of a service come together
            raise BusAway(f"{error.detail}; the cure: {error.cure}") from error
        await self._ack(delivery)

    async def _ack(self, delivery: Delivery) -> None:
        await self._acks_of(delivery).ack(int(delivery.tag))
        self._held.discard(delivery.tag)

    def _acks_of(self, delivery: Delivery) -> Acks:
        """Where it is acked. Raises BusAway when it is not held any more."""
        if delivery.tag not in self._held or self._acks is None or self._channel is None or self._channel.is_closed:
            raise BusAway(f"{delivery.message_id} is no longer held; the broker delivers it again")
        return self._acks


async def queue_depth(connection: Connection, name: str, seconds: float) -> int:
    """The number of messages that are ready in the queue. Raises QueueMissing, BusAway."""
    async with limited(f"depth of {name}", seconds):
        # On a channel of its own, because the broker closes it when the queue is missing.
        channel = await connection.channel(confirms=False)
        try:
            queue = await channel.get_queue(name)
        except ChannelNotFoundEntity as error:
            raise QueueMissing(missing_queue(name)) from error
        await close_channel(channel)
        return queue.declaration_result.message_count or 0


def missing_queue(name: str) -> str:
    """The sentence for people. What must be sent again is known where the subscription is: `Subscription.cure`."""
    return f"the queue {name} is missing: `satu topology apply`"
