"""The upkeep of the feed: what its queue has lost, and what a writer that died has left above the mark."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from services.feed.kinds import KINDS
from services.feed.latest import writer as writing
from services.feed.latest.feed import Feed
from services.feed.latest.mark import Mark, Marks
from services.feed.latest.page import Selection
from services.feed.latest.placing import Arrived
from services.feed.latest.upkeep import Upkeep
from services.feed.latest.writer import LatestWriter
from shared.adapters.sqlite.store import SqliteStore
from shared.contracts.subscriptions import Subscription, subscription
from shared.faults import BusAway, QueueMissing, StoreAway
from shared.ports.bus import QueueState

LATEST = subscription("feed.latest")


@dataclass
class Queue:
    """A bus with one queue. found: its state, or the fault instead."""

    found: QueueState | Exception = field(default_factory=lambda: QueueState(0, 0))

    async def state(self, _: Subscription) -> QueueState:
        """As of a bus."""
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    each = SqliteStore(tmp_path / "feed.sqlite")
    await each.open(KINDS)
    yield each
    await each.close()


def upkeep_of(store: SqliteStore, queue: Queue) -> tuple[Upkeep, Marks]:
    marks = Marks(store)
    return Upkeep(store, marks, queue, LATEST), marks  # type: ignore[arg-type]


async def test_what_an_idle_writer_left_above_the_mark_when_it_died_is_read_soon(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MARK_AFTER", 3600.0)
    dead = LatestWriter(store, Marks(store), gather=0.0)
    await dead.place(Arrived("agency/a", "some.type", "61.12", "{}", 1, may_repeat=False))  # acknowledged
    assert dead._task is not None
    dead._task.cancel()
    await asyncio.gather(dead._task, return_exceptions=True)

    upkeep, marks = upkeep_of(store, Queue())  # of another process, which places nothing
    feed = Feed(store, marks)
    assert (await feed.read(Selection(), None, 10)).events == []
    await upkeep.run()
    await upkeep.run()

    assert [each.subject for each in (await feed.read(Selection(), None, 10)).events] == ["agency/a"]


@pytest.mark.parametrize(
    "found",
    [
        QueueState(90_000, 0, full=True),
        QueueState(0, 0, dropped=3),
        QueueState(0, 1),
        QueueMissing("the queue feed.latest is missing"),
    ],
    ids=["full", "has dropped", "parked", "missing"],
)
async def test_a_queue_that_may_have_lost_events_makes_the_feed_incomplete(
    store: SqliteStore, found: QueueState | Exception
) -> None:
    queue = Queue()
    upkeep, marks = upkeep_of(store, queue)
    assert await upkeep.filled()
    await upkeep.run()
    assert (await marks.load()).complete

    queue.found = found
    await upkeep.run()

    assert not (await marks.load()).complete


@pytest.mark.parametrize("found", [BusAway("away"), QueueState(50, 0)], ids=["away", "some wait"])
async def test_nothing_is_lost_by_a_bus_that_is_away_or_by_what_waits(
    store: SqliteStore, found: QueueState | Exception
) -> None:
    queue = Queue()
    upkeep, marks = upkeep_of(store, queue)
    await upkeep.filled()

    queue.found = found
    await upkeep.look()
    await upkeep.run()

    assert (await marks.load()).complete


async def test_a_full_queue_that_was_seen_while_the_store_was_away_is_recorded_afterwards(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = Queue()
    upkeep, marks = upkeep_of(store, queue)
    await upkeep.filled()
    queue.found = QueueState(100_000, 0, full=True)

    async def away(_: Marks) -> Mark:
        raise StoreAway("away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Marks, "load", away)
        await upkeep.look()
    queue.found = QueueState(10, 0)  # it has been read from
    await upkeep.run()

    assert not (await marks.load()).complete
    assert await upkeep.filled(), "after a resync"
    await upkeep.run()
    assert (await marks.load()).complete
