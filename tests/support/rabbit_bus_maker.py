"""Buses on a real RabbitMQ, in a virtual host of the test's own."""

from __future__ import annotations

import dataclasses
import secrets
from urllib.parse import urlsplit, urlunsplit

import aio_pika

from shared.adapters.rabbit.bus import RabbitBus
from shared.adapters.rabbit.provision import apply
from shared.contracts.subscriptions import Subscription
from shared.contracts.topology import Queue, topology
from shared.ports.bus import Bus
from tests.servers.rabbit import Rabbit, Vhost
from tests.servers.wire import Wire
from tests.support.bus_makers import BOUND, Features, own_subscription


class RabbitBusMaker:
    """See `BusMaker`. Every bus connects through a TCP proxy of its own, which is cut to end the bus like a kill."""

    features = Features(
        ladder=(0.1, 0.3), tells_oldest=False, many_receive=True, delivery_limit=None, counts_dropped=False
    )

    def __init__(self, rabbit: Rabbit, vhost: Vhost) -> None:
        self._rabbit = rabbit
        self._vhost = vhost
        self._service = f"t{secrets.token_hex(4)}"
        self._applied: dict[str, Subscription] = {}
        self._open: list[tuple[RabbitBus, Wire]] = []

    def subscription(self, purpose: str, *types: str) -> Subscription:
        return own_subscription(self._service, purpose, types)

    async def apply(self, *subscriptions: Subscription) -> None:
        self._applied |= {each.name: each for each in subscriptions}
        wanted = topology(self._applied.values(), self.features.ladder)
        wanted = dataclasses.replace(wanted, users=(), queues=tuple(map(_bounded_for_tests, wanted.queues)))
        report = await apply(self._vhost.management, wanted, {})
        assert not report.faults, report.faults

    async def open(self) -> RabbitBus:
        parts = urlsplit(self._vhost.url)
        assert parts.port is not None
        wire = Wire(parts.port)
        port = await wire.open()
        netloc = f"{parts.username}:{parts.password}@127.0.0.1:{port}"
        bus = RabbitBus(urlunsplit(parts._replace(netloc=netloc)), bound=BOUND)
        self._open.append((bus, wire))
        await bus.open()
        return bus

    async def delete_queue(self, subscription: Subscription) -> None:
        async with await aio_pika.connect(self._vhost.url) as connection:
            channel = await connection.channel()
            await channel.queue_delete(subscription.name)

    async def vanish(self, bus: Bus) -> None:
        for each, wire in self._open:
            if each is bus:
                await wire.close()

    async def close(self) -> None:
        for bus, wire in self._open:
            await bus.close()
            await wire.close()
        await self._rabbit.drop(self._vhost)


def _bounded_for_tests(queue: Queue) -> Queue:
    if "x-max-length" not in queue.arguments:
        return queue
    return dataclasses.replace(queue, arguments={**queue.arguments, "x-max-length": BOUND})
