"""Events on their way: the relay on a broker beside bare aio-pika, and relay with delivery on the embedded engines."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from functools import partial
from pathlib import Path

import aio_pika

from benchmarks.measures.timed import Timed, timed
from shared.adapters.rabbit.bus import RabbitBus
from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.contracts.subscriptions import subscription
from shared.contracts.topology import EVENTS
from shared.messaging.consumer import Consumer
from shared.messaging.relay import AT_ONCE, Relay
from shared.ports.store import Decision, Kind, State
from shared.worker import Worker
from tests.servers.rabbit import Rabbit
from tests.support.events import AGENCY, agency_draft, agency_event

_KIND = Kind("agency")
_AGENCIES = subscription("scoring.agencies")
_WRITERS = 32


async def embedded(folder: Path, count: int) -> Timed:
    """So many owed events through relay, embedded bus and a consumer that does nothing."""
    store, bus = SqliteStore(folder / "store.sqlite"), SqliteBus(folder / "bus.sqlite")
    await store.open((_KIND,))
    await bus.open()
    await bus.apply([_AGENCIES])
    await _owed(store, count)
    handled, over = 0, asyncio.Event()

    async def handle(event: Event, payload: Payload) -> None:
        nonlocal handled
        del event, payload
        handled += 1
        if handled == count:
            over.set()

    handlers = dict.fromkeys(_AGENCIES.types, handle)
    relay, consumer = Relay(store, bus, mandatory=frozenset()), Consumer(bus, _AGENCIES, handlers, store, prefetch=32)
    with timed(count) as it:
        await _while_running([relay, consumer], over.wait())
    await bus.close()
    await store.close()
    return it


async def relay_beside_bare(node: Rabbit, folder: Path, count: int) -> tuple[Timed, Timed]:
    """The relay, and bare aio-pika with the same bytes: confirmed publishes into one quorum queue each."""
    return await _relay(node, folder, count), await _bare(node, count)


async def _relay(node: Rabbit, folder: Path, count: int) -> Timed:
    vhost = await node.fresh_vhost()
    await _only_queue(vhost.url)
    store, bus = SqliteStore(folder / "relay.sqlite"), RabbitBus(vhost.url_of("registry"))
    await store.open((_KIND,))
    await bus.open()
    await _owed(store, count)

    async def empty() -> None:
        while await store.owed_depth():  # noqa: ASYNC110 - a store has no event for it
            await asyncio.sleep(0.005)

    with timed(count) as it:
        await _while_running([Relay(store, bus)], empty())
    await bus.close()
    await store.close()
    return it


async def _only_queue(url: str) -> None:
    """Leave one queue bound to the event's type, as the bare one has."""
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        other = await channel.get_queue("notifications.agencies")
        await other.unbind(EVENTS, AGENCY)


async def _bare(node: Rabbit, count: int) -> Timed:
    vhost = await node.fresh_vhost(applied=False)
    bodies = [agency_event(f"a{number:06}").encode() for number in range(count)]
    async with await aio_pika.connect(vhost.url) as connection:
        channel = await connection.channel()
        exchange = await channel.declare_exchange("events", aio_pika.ExchangeType.TOPIC, durable=True)
        queue = await channel.declare_queue("events", durable=True, arguments={"x-queue-type": "quorum"})
        await queue.bind(exchange, AGENCY)
        waiting = iter(bodies)

        async def publisher() -> None:
            for body in waiting:
                message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
                await exchange.publish(message, AGENCY)

        with timed(count) as it:
            await asyncio.gather(*(publisher() for _ in range(AT_ONCE)))
    return it


async def _owed(store: SqliteStore, count: int) -> None:
    numbers = iter(range(count))

    def decide(id: str, _: State | None) -> Decision:
        return {"n": 0}, agency_draft(id)

    async def writer() -> None:
        for number in numbers:
            id = f"a{number:06}"
            await store.change(_KIND.name, id, partial(decide, id))

    await asyncio.gather(*(writer() for _ in range(_WRITERS)))


async def _while_running(parts: list[Worker], until: Awaitable[object]) -> None:
    tasks = [asyncio.create_task(part.run()) for part in parts]
    await until
    for part in parts:
        await part.stop()
    await asyncio.gather(*tasks)
