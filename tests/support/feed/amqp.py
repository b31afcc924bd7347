"""Subscribers over AMQP that behave badly: one sleeps, one crashes before it acks, one is slow, one is killed while its
queue is full."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aio_pika
from aio_pika.exceptions import AMQPError

from shared.adapters.rabbit.provision import apply
from shared.contracts.topology import Topology, subscriber
from tests.servers.rabbit import Vhost
from tests.support.feed.grants import ALL

SHORT = 40
"""Messages in a queue that is full soon."""


async def subscribe(vhost: Vhost, name: str, *, region: str | None = None, length: int = SHORT) -> Topology:
    """Make the queue and the user of another system, as `satu subscriber add` does; its password is its name's."""
    wanted = subscriber(name, ALL, region=region, length=length)
    report = await apply(vhost.management, wanted, {user.name: f"test-{user.name}" for user in wanted.users})
    assert not report.faults, report.faults
    vhost.passwords.update({user.name: f"test-{user.name}" for user in wanted.users})
    return wanted


def queue_of(name: str) -> str:
    """The queue of a subscriber, which is also its user."""
    return f"subscriber.{name}"


@asynccontextmanager
async def consumed(vhost: Vhost, name: str, prefetch: int) -> AsyncIterator[Any]:
    """The subscriber's queue on a connection of its own user."""
    connection = await aio_pika.connect(vhost.url_of(queue_of(name)))
    try:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=prefetch)
        yield await channel.get_queue(queue_of(name), ensure=False)
    finally:
        with suppress(AMQPError, OSError):
            await connection.close()


async def crash_before_ack(vhost: Vhost, name: str) -> None:
    """Again and again: take what comes, and be gone without an ack. Until cancelled."""
    while True:
        async with consumed(vhost, name, prefetch=10) as queue:
            taken = asyncio.Event()

            async def take(_: object, taken: asyncio.Event = taken) -> None:
                taken.set()

            await queue.consume(take)
            await taken.wait()


async def hold_everything(vhost: Vhost, name: str) -> None:
    """Take as much as the broker gives, without limit, and ack nothing. Until cancelled."""

    async def take(_: object) -> None:
        pass

    async with consumed(vhost, name, prefetch=0) as queue:
        await queue.consume(take)
        await asyncio.Event().wait()


async def be_slow(vhost: Vhost, name: str, seconds: float) -> None:
    """One message at a time, each for so long. Until cancelled."""
    async with consumed(vhost, name, prefetch=1) as queue, queue.iterator() as messages:
        async for message in messages:
            await asyncio.sleep(seconds)
            await message.ack()


async def drained(vhost: Vhost, name: str) -> dict[str, dict[str, Any]]:
    """What is in the queue now: subject → the newest event."""
    newest: dict[str, dict[str, Any]] = {}
    async with consumed(vhost, name, prefetch=100) as queue:
        while (message := await queue.get(fail=False)) is not None:
            event = json.loads(message.body)
            if event["sequence"] >= newest.get(event["subject"], event)["sequence"]:
                newest[event["subject"]] = event
            await message.ack()
    return newest
