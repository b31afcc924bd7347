"""The bus on RabbitMQ 3.10 to 4.x. It declares nothing: the topology is put in place by `satu topology apply`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from shared.adapters.rabbit.connection import Connection
from shared.adapters.rabbit.errors import limited
from shared.adapters.rabbit.parked import ParkedQueue
from shared.adapters.rabbit.publisher import Publication, Publisher
from shared.adapters.rabbit.receiver import RabbitReceiver, queue_depth
from shared.adapters.rabbit.tail import tail
from shared.contracts.subscriptions import Subscription
from shared.contracts.topology import EVENTS, parked_name
from shared.ports.bus import Parked, QueueState

_SECONDS = 10.0
_HEARTBEAT = 5


class RabbitBus:
    """Two connections, so that a broker that holds back publishers (memory, disk) still gets the acks of consumers.
    Each is made anew by whoever needs it next; nothing is replayed behind anyone's back.

    url: `amqp[s]://user:password@host:port/vhost`; seconds: the time limit of each operation, connecting included;
    heartbeat: seconds, see `Connection`. What a `take` waits for has no time limit, only the heartbeat.
    """

    def __init__(self, url: str, *, seconds: float = _SECONDS, heartbeat: int = _HEARTBEAT) -> None:
        self._seconds = seconds
        self._speaking = Connection(url, "satu: publish", heartbeat=heartbeat)
        self._hearing = Connection(url, "satu: consume", heartbeat=heartbeat)
        self._publisher = Publisher(self._speaking, seconds=seconds)
        self._receivers: set[RabbitReceiver] = set()

    async def open(self) -> None:
        """See `shared.ports.bus.Bus`."""
        for line in (self._speaking, self._hearing):
            line.open()
        self._publisher.open()
        await self.ping()

    async def close(self) -> None:
        """See `shared.ports.bus.Bus`."""
        await self._publisher.close()
        await asyncio.gather(*(receiver.close() for receiver in list(self._receivers)))
        for line in (self._speaking, self._hearing):
            await line.close()

    async def ping(self) -> None:
        """See `shared.ports.bus.Bus`."""
        for line in (self._speaking, self._hearing):
            async with limited("ping", self._seconds):
                channel = await line.channel(confirms=False)
                await channel.close()

    async def publish(self, type: str, id: str, body: bytes, *, mandatory: bool) -> None:
        """See `shared.ports.bus.Bus`."""
        await self._publisher.publish(Publication(EVENTS, type, id, body, {}, mandatory=mandatory))

    async def receive(self, subscription: Subscription, *, prefetch: int) -> RabbitReceiver:
        """See `shared.ports.bus.Bus`."""
        publisher = Publisher(self._speaking, seconds=self._seconds)
        receiver = RabbitReceiver(
            subscription, self._hearing, publisher, seconds=self._seconds, left=self._receivers.discard
        )
        self._receivers.add(receiver)
        await receiver.open(prefetch)
        return receiver

    async def state(self, subscription: Subscription) -> QueueState:
        """See `shared.ports.bus.Bus`. What is oldest is not known: the broker does not tell."""
        ready, parked = [
            await queue_depth(self._hearing, name, self._seconds)
            for name in (subscription.name, parked_name(subscription.name))
        ]
        return QueueState(ready=ready, parked=parked)

    def parked(self, subscription: Subscription) -> AsyncIterator[Parked]:
        """See `shared.ports.bus.Bus`."""
        return self._parked_queue(subscription).look()

    async def unpark(self, subscription: Subscription, ids: frozenset[str], *, replay: bool) -> int:
        """See `shared.ports.bus.Bus`."""
        return await self._parked_queue(subscription).take_out(ids, replay=replay)

    def tail(self) -> AsyncIterator[bytes]:
        """See `shared.ports.bus.Tailing`."""
        return tail(self._hearing, seconds=self._seconds)

    def _parked_queue(self, subscription: Subscription) -> ParkedQueue:
        return ParkedQueue(subscription, self._hearing, self._publisher, seconds=self._seconds)
