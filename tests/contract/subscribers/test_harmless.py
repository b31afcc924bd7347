"""Other systems on a real RabbitMQ can read one queue of their own, and hold up nobody, whatever they do."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aiormq.exceptions import AMQPError, ChannelAccessRefused

from shared.contracts.topology import EVENTS, SELECTED, Queue, Topology
from tests.contract.subscribers.broker import Broker
from tests.contract.subscribers.conftest import Add
from tests.support.rabbit_vhost import INNOVATIONS, channel, opened

pytestmark = pytest.mark.rabbit

Attempt = Callable[[AbstractChannel, str], Awaitable[object]]

UNLIMITED = 2000
"""So many messages a quorum queue gives at most to a consumer that sets no prefetch."""


async def keep(_: AbstractIncomingMessage) -> None:
    """Take a message, and never ack it."""


async def publish(channel: AbstractChannel, exchange: str, key: str) -> None:
    where = channel.default_exchange if not exchange else await channel.get_exchange(exchange, ensure=False)
    await where.publish(aio_pika.Message(b"forged"), key, mandatory=False)


async def fetch(channel: AbstractChannel, queue: str) -> None:
    await (await channel.get_queue(queue, ensure=False)).get(fail=False)


async def consume(channel: AbstractChannel, queue: str) -> None:
    await (await channel.get_queue(queue, ensure=False)).consume(keep)


async def bind(channel: AbstractChannel, own: str, exchange: str) -> None:
    await (await channel.get_queue(own, ensure=False)).bind(exchange, "#")


ATTEMPTS: dict[str, Attempt] = {
    "declare a queue": lambda c, _: c.declare_queue("subscriber.more", durable=True),
    "declare a queue for itself": lambda c, _: c.declare_queue("", exclusive=True),
    "declare an exchange": lambda c, _: c.declare_exchange("subscriber.more"),
    "delete its queue": lambda c, own: c.queue_delete(own),
    "delete the exchange": lambda c, _: c.exchange_delete(SELECTED),
    "bind to the events": lambda c, own: bind(c, own, EVENTS),
    "bind to the selected events": lambda c, own: bind(c, own, SELECTED),
    "publish an event": lambda c, _: publish(c, EVENTS, "innovation.submitted"),
    "publish to other systems": lambda c, _: publish(c, SELECTED, ""),
    "publish into a queue": lambda c, _: publish(c, "", "scoring.innovations"),
    "publish into its own queue": lambda c, own: publish(c, "", own),
    "fetch from a service's queue": lambda c, _: fetch(c, "scoring.innovations"),
    "consume from a service's queue": lambda c, _: consume(c, "scoring.innovations"),
    "consume from parked messages": lambda c, _: consume(c, "scoring.innovations.parked"),
    "consume from another system's queue": lambda c, own: consume(c, f"{own}x"),
}


async def test_a_subscriber_reads_its_queue_and_may_do_nothing_else(broker: Broker, add: Add) -> None:
    name = await add()
    allowed: list[str] = []

    for what, attempt in ATTEMPTS.items():
        async with channel(broker.url(name)) as own:
            try:
                await attempt(own, f"subscriber.{name}")
            except ChannelAccessRefused:
                continue
            allowed.append(what)

    assert allowed == []
    async with channel(broker.url(name)) as own:
        await fetch(own, f"subscriber.{name}")


async def test_a_subscriber_has_four_connections_and_sixteen_channels(broker: Broker, add: Add) -> None:
    name = await add()
    first, *others = [await aio_pika.connect(broker.url(name)) for _ in range(4)]

    with pytest.raises(AMQPError):
        await aio_pika.connect(broker.url(name))
    for each in others:
        await each.close()

    channels = [await first.channel() for _ in range(16)]
    with pytest.raises(AMQPError, match="16"):
        await first.channel()
    assert len(channels) == 16


async def test_a_consumer_that_never_acks_holds_a_bounded_number_of_messages(broker: Broker, add: Add) -> None:
    name = await add(changed=lambda each: bounded(each, length=100))
    async with channel(broker.url(name)) as own:
        await own.set_qos(prefetch_count=0)
        await consume(own, f"subscriber.{name}")

        await broker.publish(*[b"x"] * (UNLIMITED + 200))

        await broker.state_when(name, lambda each: (each.ready, each.unacked, each.full) == (100, UNLIMITED, True))
    async with opened(broker.vhost.url) as scoring:
        assert (await scoring.state(INNOVATIONS)).ready == 0, "the type that was published is none of scoring's"


async def test_a_full_queue_of_large_messages_is_bounded_by_its_bytes_and_holds_up_no_service(
    broker: Broker, add: Add
) -> None:
    name = await add(changed=lambda each: bounded(each, size=1_000_000))
    bodies = [bytes([number]) * 50_000 for number in range(60)]

    await broker.publish(*bodies, key="innovation.submitted")

    # The broker tells its counts and its bytes at different times.
    await broker.state_when(name, lambda each: each.full and each.ready == 20)
    assert await broker.waiting(name) == bodies[-20:], "the newest are kept"
    async with opened(broker.vhost.url) as scoring:
        assert (await scoring.state(INNOVATIONS)).ready == 60


async def test_what_fails_a_hundred_times_is_dropped(broker: Broker, add: Add) -> None:
    name = await add()
    await broker.publish(b"poison")

    async with channel(broker.url(name)) as own:
        queue = await own.get_queue(f"subscriber.{name}", ensure=False)
        given = 0
        while (message := await queue.get(fail=False)) is not None:
            given += 1
            await message.nack(requeue=True)

    assert given == 101, "the first delivery, and a hundred more"
    assert await broker.waiting(name) == []


def bounded(topology: Topology, *, length: int = 100_000, size: int = 256 * 1024 * 1024) -> Topology:
    """The topology with a smaller queue."""
    (queue,) = topology.queues
    limits = {"x-max-length": length, "x-max-length-bytes": size}
    return dataclasses.replace(topology, queues=(Queue(queue.name, {**queue.arguments, **limits}),))
