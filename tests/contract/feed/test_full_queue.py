"""A queue of the feed that has dropped events while nobody read it: until everything was sent again, the
feed says that it is incomplete."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.feed.handlers import keeping
from services.feed.kinds import KINDS
from services.feed.latest.feed import Feed
from services.feed.latest.mark import Marks
from services.feed.latest.page import FeedPage, Selection
from services.feed.latest.upkeep import Upkeep
from services.feed.latest.writer import LatestWriter
from shared.adapters.rabbit.bus import RabbitBus
from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.bus_bounds import Bound
from shared.adapters.sqlite.store import SqliteStore
from shared.contracts.subscriptions import subscription
from shared.contracts.topology import Topology, topology
from shared.messaging.consumer import Consumer
from shared.ports.bus import Bus
from shared.ports.store import Store
from tests.servers.rabbit import Rabbit
from tests.support.client import eventually
from tests.support.events import agency_event
from tests.support.pipeline import running

LATEST = subscription("feed.latest")
LENGTH, MANY = 40, 100


@pytest.fixture(params=["sqlite", pytest.param("rabbit", marks=pytest.mark.rabbit)])
async def bus(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bus]:
    """A bus whose queue of the feed is full soon."""
    if request.param == "sqlite":
        each = SqliteBus(tmp_path / "bus.sqlite", bound=Bound(LENGTH))
        await each.open()
        await each.apply([LATEST])
        yield each
        await each.close()
        return
    rabbit: Rabbit = request.getfixturevalue("rabbit")
    vhost = await rabbit.fresh_vhost(wanted=short(topology([LATEST], (60.0,), tail=False)))
    broker = RabbitBus(vhost.url, bound=LENGTH)
    await broker.open()
    yield broker
    await broker.close()
    await rabbit.drop(vhost)


def short(whole: Topology) -> Topology:
    """The same with a short queue."""
    queues = tuple(
        dataclasses.replace(each, arguments={**each.arguments, "x-max-length": LENGTH})
        if each.name == LATEST.name
        else each
        for each in whole.queues
    )
    return dataclasses.replace(whole, queues=queues, users=())


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    each = SqliteStore(tmp_path / "feed.sqlite")
    await each.open(KINDS)
    yield each
    await each.close()


@asynccontextmanager
async def served(store: Store, bus: Bus) -> AsyncIterator[Upkeep]:
    """The feed's consumer and its upkeep, begun as the service begins them."""
    marks = Marks(store)
    writer, upkeep = LatestWriter(store, marks, gather=0.0), Upkeep(store, marks, bus, LATEST)
    await upkeep.start()
    async with running(Consumer(bus, LATEST, keeping(writer), store, prefetch=4, before_taking=upkeep.look)):
        yield upkeep
    await writer.stop()


async def publish(bus: Bus, sequence: int, *numbers: int) -> None:
    for number in numbers:
        event = agency_event(f"a{number}", sequence)
        await bus.publish(event.type, event.id, event.region, event.encode(), mandatory=False)


async def page(store: Store, count: int, sequence: int) -> FeedPage:
    """What there is to read, once there are so many subjects at this sequence or a later one."""

    async def read() -> FeedPage:
        return await Feed(store, Marks(store)).read(Selection(), None, 2 * MANY)

    def newest(found: FeedPage) -> bool:
        return sum(f'"{sequence:016d}"'.encode() in each.body for each in found.events) >= count

    return await eventually(read, newest)


async def test_a_queue_that_has_dropped_makes_the_feed_incomplete_until_all_was_sent_again(
    store: Store, bus: Bus
) -> None:
    async with served(store, bus) as upkeep:
        for number in range(MANY):  # one after the other: nothing is dropped
            await publish(bus, 1, number)
            await page(store, number + 1, 1) if number % 20 == 19 else None
        assert await upkeep.filled()
        assert (await page(store, MANY, 1)).complete

    await publish(bus, 2, *range(MANY))  # nobody reads: what came first is dropped
    async with served(store, bus) as upkeep:
        await page(store, LENGTH // 2, 2)
        await upkeep.run()
        assert not (await page(store, LENGTH // 2, 2)).complete

        for start in range(0, MANY, 10):  # a resync
            await publish(bus, 2, *range(start, start + 10))
            await page(store, start, 2)
        await page(store, MANY, 2)
        assert await upkeep.filled()
        assert (await page(store, MANY, 2)).complete
        await upkeep.run()
        assert (await page(store, MANY, 2)).complete
