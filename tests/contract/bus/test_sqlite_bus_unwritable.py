"""The embedded bus while its file cannot be written: nothing is lost, nothing stays held, no handler runs again."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from shared.adapters.sqlite import commits
from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.bus_tables import DROP
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.faults import BusAway
from shared.messaging.consumer import Consumer
from shared.ports.bus import Delivery, Receiver
from tests.support.bus_makers import vanish
from tests.support.events import agency_event
from tests.support.pipeline import AGENCIES, LADDER, eventually, opened_bus, opened_store, parked_of, running

TYPE = "agency.registered"
SOON = 5.0  # seconds within which work must go on once the file can be written again
MOVES: dict[str, Callable[[Receiver, Delivery], Awaitable[None]]] = {
    "ack": lambda receiver, delivery: receiver.ack(delivery),
    "retry": lambda receiver, delivery: receiver.retry(delivery, rung=1, counted=True),
    "park": lambda receiver, delivery: receiver.park(delivery, reason="bad", fault="ValueError"),
}


@pytest.fixture
async def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqliteBus]:
    monkeypatch.setattr(commits, "LOCK_SECONDS", 0.2)
    async with opened_bus(tmp_path) as bus:
        yield bus


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another connection holds the write lock of the bus file."""
    with contextlib.closing(sqlite3.connect(folder / "bus.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def empty(bus: SqliteBus) -> bool:
    state = await bus.state(AGENCIES)
    return state.ready == 0 and not state.held


@pytest.mark.parametrize("move", MOVES)
async def test_a_move_that_cannot_be_written_is_tried_until_it_is(bus: SqliteBus, tmp_path: Path, move: str) -> None:
    await bus.publish(TYPE, "a", "61.12", b"x", mandatory=True)
    receiver = await bus.receive(AGENCIES, prefetch=1)
    delivery = await receiver.take()
    with locked(tmp_path):
        with pytest.raises(BusAway):
            await MOVES[move](receiver, delivery)
        await receiver.close()
        another = await bus.receive(AGENCIES, prefetch=5)
        taking = asyncio.create_task(another.take())
        await asyncio.sleep(0.3)
        assert not taking.done()  # it is not handed out again meanwhile
        assert (await bus.state(AGENCIES)).held == 1

    async with asyncio.timeout(SOON):
        if move == "retry":
            assert (await taking).attempt == 1
        else:
            await eventually(lambda: empty(bus))
            assert not taking.done()
            taking.cancel()
    assert (await bus.state(AGENCIES)).parked == (move == "park")


async def test_a_move_whose_caller_was_cancelled_is_carried_out(bus: SqliteBus, tmp_path: Path) -> None:
    await bus.publish(TYPE, "a", "61.12", b"x", mandatory=True)
    receiver = await bus.receive(AGENCIES, prefetch=1)
    delivery = await receiver.take()
    with locked(tmp_path):
        acking = asyncio.create_task(receiver.ack(delivery))
        await asyncio.sleep(0.05)
        acking.cancel()
        await asyncio.wait([acking])
        await receiver.close()

    await eventually(lambda: empty(bus))
    async with asyncio.timeout(SOON):
        await bus.publish(TYPE, "b", "61.12", b"x", mandatory=True)
        assert (await (await bus.receive(AGENCIES, prefetch=1)).take()).message_id == "b"


async def test_closing_a_receiver_needs_no_write(bus: SqliteBus, tmp_path: Path) -> None:
    for name in ("taken", "fetched"):
        await bus.publish(TYPE, name, "61.12", b"x", mandatory=True)
    receiver = await bus.receive(AGENCIES, prefetch=2)
    await receiver.take()
    with locked(tmp_path):
        await receiver.close()
        state = await bus.state(AGENCIES)
        assert (state.ready, state.held) == (2, 0)

    another = await bus.receive(AGENCIES, prefetch=2)
    async with asyncio.timeout(SOON):
        back = [await another.take(), await another.take()]
    assert [(each.message_id, each.redelivered) for each in back] == [("taken", True), ("fetched", False)]


async def test_a_message_is_not_handed_out_before_its_mark_is_written(bus: SqliteBus, tmp_path: Path) -> None:
    await bus.publish(TYPE, "first", "61.12", b"x", mandatory=True)
    receiver = await bus.receive(AGENCIES, prefetch=5)
    await receiver.ack(await receiver.take())
    with locked(tmp_path):
        publishing = asyncio.create_task(bus.publish(TYPE, "second", "61.12", b"x", mandatory=True))
        taking = asyncio.create_task(receiver.take())
        await asyncio.sleep(0.1)
        assert not taking.done()
    await publishing
    async with asyncio.timeout(SOON):
        assert (await taking).message_id == "second"
    await vanish(bus)

    async with opened_bus(tmp_path) as survivor:
        back = await (await survivor.receive(AGENCIES, prefetch=1)).take()
    assert (back.message_id, back.redelivered) == ("second", True)


async def test_a_bus_that_closes_while_a_move_is_pending_writes_it_or_delivers_again(
    bus: SqliteBus, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        await bus.publish(TYPE, name, "61.12", b"x", mandatory=True)
    receiver = await bus.receive(AGENCIES, prefetch=2)
    deliveries = [await receiver.take(), await receiver.take()]
    await bus._keeper.stop()  # so that only `close` writes
    with locked(tmp_path), pytest.raises(BusAway):
        await receiver.ack(deliveries[0])
    await bus.close()

    async with opened_bus(tmp_path) as next_bus:
        back = await (await next_bus.receive(AGENCIES, prefetch=2)).take()
        assert (back.message_id, (await next_bus.state(AGENCIES)).ready) == ("b", 0)
        with locked(tmp_path):
            await next_bus.close()

    async with opened_bus(tmp_path) as last_bus:
        back = await (await last_bus.receive(AGENCIES, prefetch=2)).take()
    assert (back.message_id, back.redelivered) == ("b", True)  # its end could not be written, so it was not clean


async def test_consumers_lose_nothing_and_handle_nothing_twice_that_they_had_settled(
    bus: SqliteBus, tmp_path: Path
) -> None:
    finished: Counter[str] = Counter()

    async def handle(event: Event, _payload: Payload) -> None:
        await asyncio.sleep(0.002)
        finished[event.id] += 1

    async def publish(number: int) -> str:
        event = agency_event(str(number))
        while True:
            try:
                await bus.publish(event.type, event.id, "61.12", event.encode(), mandatory=True)
            except BusAway:
                await asyncio.sleep(0.05)
            else:
                return event.id

    async with opened_store(tmp_path) as store:
        consumer = Consumer(bus, AGENCIES, dict.fromkeys(AGENCIES.types, handle), store, ladder=LADDER)
        async with running(consumer):
            publishing = [asyncio.create_task(publish(number)) for number in range(300)]
            await eventually(lambda: len(finished) > 20)
            for _ in range(3):
                with locked(tmp_path):
                    await asyncio.sleep(0.7)
                await asyncio.sleep(0.1)
            published = await asyncio.gather(*publishing)
            async with asyncio.timeout(SOON):
                await eventually(lambda: set(published) == finished.keys())
                await eventually(lambda: empty(bus))

    assert set(finished.values()) == {1}
    assert await parked_of(bus) == []


async def test_a_row_is_never_dropped_by_a_move_that_was_written_before(bus: SqliteBus) -> None:
    await bus.publish(TYPE, "a", "61.12", b"x", mandatory=True)
    receiver = await bus.receive(AGENCIES, prefetch=1)
    delivery = await receiver.take()
    await receiver.ack(delivery)
    await bus.publish(TYPE, "b", "61.12", b"x", mandatory=True)

    await bus._open_file().write(lambda db: db.execute(DROP, {"n": int(delivery.tag)}))  # the same move once more

    async with asyncio.timeout(SOON):
        assert (await receiver.take()).message_id == "b"
