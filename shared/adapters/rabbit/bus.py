"""The bus on RabbitMQ 3.10 to 4.x. It declares no queues: `satu topology apply` creates them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from shared.adapters.rabbit.connection import Connection
from shared.adapters.rabbit.errors import close_channel, limited
from shared.adapters.rabbit.fullness import Fullness
from shared.adapters.rabbit.parked import ParkedQueue
from shared.adapters.rabbit.publication import of_event
from shared.adapters.rabbit.publisher import Publisher
from shared.adapters.rabbit.receiver import RabbitReceiver, queue_depth
from shared.adapters.rabbit.tail import tail
from shared.contracts.subscriptions import Subscription
from shared.contracts.topology import BOUNDED_LENGTH, parked_name
from shared.ports.bus import Fate, Outgoing, Parked, QueueState

_SECONDS = 10.0


class RabbitBus:
    """See `shared.ports.bus.Bus`.

    It uses two connections, so that a broker that blocks publishers (memory, disk) still receives the acks of
    consumers. A lost connection is replaced by the next operation; nothing is replayed in the background.

    url: `amqp[s]://user:password@host:port/vhost`, optionally with `?heartbeat=` (see `Connection`); seconds: the time
    limit of each operation, connecting included; bound: messages that a bounded queue may hold. A waiting `take`
    is limited only by the heartbeat.
    """

    def __init__(self, url: str, *, seconds: float = _SECONDS, bound: int = BOUNDED_LENGTH) -> None:
        self._seconds = seconds
        self._bound = bound
        self._fullness: dict[str, Fullness] = {}
        self._publishing = Connection(url, "satu: publish")
        self._consuming = Connection(url, "satu: consume")
        self._publisher = Publisher(self._publishing, seconds=seconds)
        self._receivers: set[RabbitReceiver] = set()

    async def open(self) -> None:
        """See `shared.ports.bus.Bus`."""
        for connection in (self._publishing, self._consuming):
            connection.open()
        self._publisher.open()
        await self.ping()

    async def close(self) -> None:
        """See `shared.ports.bus.Bus`."""
        await self._publisher.close()
        await asyncio.gather(*(receiver.close() for receiver in list(self._receivers)))
        for connection in (self._publishing, self._consuming):
            await connection.close()

    async def ping(self) -> None:
        """See `shared.ports.bus.Bus`."""
        for connection in (self._publishing, self._consuming):
            async with limited("ping", self._seconds):
                channel = await connection.channel(confirms=False)
                await close_channel(channel)

    async def publish(self, type: str, id: str, region: str, body: bytes, *, mandatory: bool) -> None:
        """See `shared.ports.bus.Bus`."""
        await self._publisher.publish(of_event(Outgoing(type, id, region, body, mandatory)))

    async def publish_many(self, events: Sequence[Outgoing]) -> list[Fate]:
        """See `shared.ports.bus.Bus`."""
        return await self._publisher.publish_many([of_event(each) for each in events])

    async def receive(self, subscription: Subscription, *, prefetch: int) -> RabbitReceiver:
        """See `shared.ports.bus.Bus`."""
        publisher = Publisher(self._publishing, seconds=self._seconds)
        receiver = RabbitReceiver(
            subscription,
            self._consuming,
            publisher,
            seconds=self._seconds,
            on_close=self._receivers.discard,
            fullness=self._fullness_of(subscription),
        )
        self._receivers.add(receiver)
        await receiver.open(prefetch)
        return receiver

    async def state(self, subscription: Subscription) -> QueueState:
        """See `shared.ports.bus.Bus`. `oldest` and `dropped` are unknown: the broker does not report them."""
        ready, parked = [
            await queue_depth(self._consuming, name, self._seconds)
            for name in (subscription.name, parked_name(subscription.name))
        ]
        fullness = self._fullness_of(subscription)
        return QueueState(ready=ready, parked=parked, full=fullness is not None and fullness.is_full(ready))

    def _fullness_of(self, subscription: Subscription) -> Fullness | None:
        """None for a queue that is not bounded."""
        return self._fullness.setdefault(subscription.name, Fullness(self._bound)) if subscription.rebuilt else None

    def parked(self, subscription: Subscription) -> AsyncIterator[Parked]:
        """See `shared.ports.bus.Bus`."""
        return self._parked_queue(subscription).look()

    async def unpark(
        self,
        subscription: Subscription,
        ids: frozenset[str],
        *,
        replay: bool,
        progress: Callable[[int], None] = lambda _: None,
    ) -> int:
        """See `shared.ports.bus.Bus`."""
        return await self._parked_queue(subscription).take_out(ids, replay=replay, progress=progress)

    def tail(self) -> AsyncIterator[bytes]:
        """See `shared.ports.bus.Tailing`."""
        return tail(self._consuming, seconds=self._seconds)

    def _parked_queue(self, subscription: Subscription) -> ParkedQueue:
        return ParkedQueue(subscription, self._consuming, self._publisher, seconds=self._seconds)
