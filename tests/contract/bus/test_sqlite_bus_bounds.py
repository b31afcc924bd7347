"""Bounded queues of the embedded bus: by their size, in several processes, and in a file of a former release."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.bus_bounds import Bound
from shared.contracts.subscriptions import Subscription
from shared.faults import BusAway, Unroutable
from shared.ports.bus import Outgoing

TYPE = "agency.registered"
LATEST = Subscription("feed", "latest", frozenset({TYPE}), rebuilt=True)
BOUND = Bound(messages=200, size=10_000)


@asynccontextmanager
async def opened(file: Path, bound: Bound = BOUND) -> AsyncIterator[SqliteBus]:
    bus = SqliteBus(file, poll=0.02, bound=bound)
    await bus.open()
    try:
        yield bus
    finally:
        await bus.close()


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[SqliteBus]:
    async with opened(tmp_path / "bus.sqlite") as bus:
        await bus.apply([LATEST])
        yield bus


async def publish(bus: SqliteBus, count: int, size: int, first: int = 0) -> None:
    events = [Outgoing(TYPE, f"agency/{first + n}", "61.12", b"x" * size, mandatory=False) for n in range(count)]
    assert await bus.publish_many(events) == [None] * count


async def kept(bus: SqliteBus) -> list[str]:
    state = await bus.state(LATEST)
    receiver = await bus.receive(LATEST, prefetch=1000)
    return [(await receiver.take()).message_id for _ in range(state.ready)]


async def test_a_queue_is_bounded_by_the_size_of_its_messages_too(bus: SqliteBus) -> None:
    for n in range(11):
        await publish(bus, 1, 1000, first=n)

    state = await bus.state(LATEST)
    assert (state.ready, state.dropped) == (9, 2)  # a hundredth of the bound is free again
    await publish(bus, 1, 1000, first=11)
    assert (await bus.state(LATEST)).full
    assert await kept(bus) == [f"agency/{n}" for n in range(2, 12)]


async def test_a_batch_that_is_more_than_the_bound_leaves_its_newest(bus: SqliteBus) -> None:
    await publish(bus, 500, 1)

    state = await bus.state(LATEST)
    assert (state.ready, state.dropped) == (198, 302)
    assert (await kept(bus))[0] == "agency/302"


async def test_a_message_larger_than_the_bound_does_not_stay(bus: SqliteBus) -> None:
    await publish(bus, 1, 20_000)

    assert (await bus.state(LATEST)).ready == 0
    await publish(bus, 1, 10, first=1)
    assert await kept(bus) == ["agency/1"]


async def test_what_was_taken_out_makes_room(bus: SqliteBus) -> None:
    receiver = await bus.receive(LATEST, prefetch=50)
    for turn in range(10):
        await publish(bus, 50, 100, first=50 * turn)
        for _ in range(50):
            await receiver.ack(await receiver.take())

    assert (await bus.state(LATEST)).dropped == 0


async def test_what_a_former_process_left_counts(tmp_path: Path) -> None:
    file = tmp_path / "bus.sqlite"
    async with opened(file) as former:
        await former.apply([LATEST])
        await publish(former, 150, 1)
    async with opened(file) as bus:
        await publish(bus, 60, 1, first=150)

        assert (await bus.state(LATEST)).dropped == 12  # of 210
        assert (await kept(bus))[0] == "agency/12"


async def test_a_drop_that_was_not_written_is_made_again(bus: SqliteBus, monkeypatch: pytest.MonkeyPatch) -> None:
    await publish(bus, 195, 1)
    file = bus._open_file()
    write = file.write

    async def broken(work: Callable[[sqlite3.Connection], object], **_: object) -> None:
        def undone(db: sqlite3.Connection) -> None:
            work(db)
            raise BusAway("the disk is full")

        await write(undone)

    monkeypatch.setattr(file, "write", broken)
    assert isinstance((await bus.publish_many([Outgoing(TYPE, "lost", "61.12", b"x" * 9_990)]))[0], BusAway)
    monkeypatch.setattr(file, "write", write)
    assert (await bus.state(LATEST)).dropped == 0

    await publish(bus, 10, 1, first=195)

    assert (await bus.state(LATEST)).dropped == 7
    assert (await kept(bus))[0] == "agency/7"


async def test_a_bounded_queue_alone_does_not_take_a_mandatory_event(bus: SqliteBus) -> None:
    with pytest.raises(Unroutable):
        await bus.publish(TYPE, "agency/1", "61.12", b"x", mandatory=True)


async def test_a_file_of_a_former_release_gets_what_it_lacks(tmp_path: Path) -> None:
    file = tmp_path / "bus.sqlite"
    async with opened(file) as former:
        await former.apply([LATEST])
        await publish(former, 3, 1)
    with sqlite3.connect(file) as db:
        db.execute("ALTER TABLE queue DROP COLUMN bounded")
        db.execute("ALTER TABLE queue DROP COLUMN dropped")
    db.close()

    async with opened(file, Bound(messages=2)) as bus:
        assert (await bus.state(LATEST)).full is False
        await bus.apply([LATEST])
        await publish(bus, 1, 1, first=3)

        assert (await bus.state(LATEST)).dropped == 2
        assert await asyncio.wait_for(kept(bus), 5) == ["agency/2", "agency/3"]
