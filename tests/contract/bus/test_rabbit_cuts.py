"""Batches of events, and rows of acks, over a connection to RabbitMQ that is cut: all arrive, whatever was answered."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from shared.adapters.rabbit.bus import RabbitBus
from shared.adapters.sqlite.store import SqliteStore
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.contracts.subscriptions import subscription
from shared.faults import BusAway
from shared.messaging.consumer import Consumer
from shared.messaging.relay import Relay
from shared.ports.bus import Outgoing
from shared.ports.store import Decision, State
from tests.servers.rabbit import Rabbit, Vhost
from tests.servers.wire import Wire
from tests.support.events import AGENCY, agency_draft
from tests.support.pipeline import KIND, eventually, opened_store, running
from tests.support.rabbit_vhost import opened, vhost

pytestmark = pytest.mark.rabbit
__all__ = ["vhost"]

AGENCIES = subscription("scoring.agencies")
DOCUMENTS = 300


async def soon(_: float) -> None:
    await asyncio.sleep(0.05)


@pytest.fixture
async def wire(rabbit: Rabbit) -> AsyncIterator[Wire]:
    """Between the bus and the broker."""
    wire = Wire(urlsplit(rabbit.amqp).port or 5672)
    yield wire
    await wire.close()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with opened_store(tmp_path) as store:
        yield store


def through(wire_port: int, url: str) -> str:
    """The same address, over the wire."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{wire_port}"))


async def owe(store: SqliteStore, id: str) -> None:
    def decide(_: State | None) -> Decision:
        return {"id": id}, agency_draft(id)

    await store.change(KIND.name, id, decide)


async def test_what_a_cut_batch_has_published_is_only_repeated_and_nothing_is_lost(
    vhost: Vhost, wire: Wire, store: SqliteStore
) -> None:
    """The wire is cut while batches are under way, seven times at moments that are drawn; then it stays whole."""
    draw = random.Random(5)
    await asyncio.gather(*(owe(store, str(number)) for number in range(DOCUMENTS)))
    port = await wire.open()
    arrived: set[str] = set()

    async def handle(event: Event, _: Payload) -> None:
        arrived.add(event.subject)

    scoring_url = through(port, vhost.url_of("scoring"))
    async with opened(through(port, vhost.url_of("registry"))) as bus, opened(scoring_url) as scoring:
        consumer = Consumer(scoring, AGENCIES, dict.fromkeys(AGENCIES.types, handle), store, sleep=soon)
        async with running(Relay(store, bus, at_once=16, sleep=soon)), running(consumer):
            for _ in range(7):
                await asyncio.sleep(draw.uniform(0.0, 0.06))
                wire.cut()
            await eventually(lambda: len(arrived) == DOCUMENTS)

            async def nothing_left() -> bool:
                return await store.owed_depth() == 0 and (await scoring.state(AGENCIES)).ready == 0

            await eventually(nothing_left)


async def test_a_batch_whose_answers_are_lost_is_not_settled_and_arrives_again(vhost: Vhost, wire: Wire) -> None:
    port = await wire.open()
    events = [Outgoing(AGENCY, f"agency/{number}", "61.12", b"x") for number in range(20)]
    async with opened(through(port, vhost.url_of("registry"))) as bus, opened(vhost.url_of("scoring")) as scoring:
        assert await bus.publish_many(events[:1]) == [None]
        wire.hold_answers()
        publishing = asyncio.create_task(bus.publish_many(events[1:]))

        async def broker_has_them() -> bool:
            return (await scoring.state(AGENCIES)).ready == len(events)

        await eventually(broker_has_them)
        assert not publishing.done()
        wire.cut()
        wire.release()
        assert {type(fate) for fate in await publishing} == {BusAway}

        assert await again(bus, events[1:]) == [None] * 19
        assert (await scoring.state(AGENCIES)).ready == len(events) + 19


async def again(bus: RabbitBus, events: list[Outgoing]) -> list[object]:
    """Publish, once the bus is there again."""
    await bus.open()
    return list(await bus.publish_many(events))
