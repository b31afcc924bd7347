from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from shared.adapters.sqlite import bus_tail
from shared.adapters.sqlite.bus import SqliteBus
from shared.clock import machine_ms
from shared.contracts.subscriptions import SUBSCRIPTIONS, subscription
from shared.faults import BusAway, Unroutable
from shared.ports.bus import Tailing
from tests.support.client import eventually
from tests.support.pipeline import opened_bus

QUEUE = subscription("notifications.regions")


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[SqliteBus]:
    async with opened_bus(tmp_path) as bus:
        await bus.apply(SUBSCRIPTIONS)
        yield bus


class Reader:
    """Reads a tail in a task of its own."""

    def __init__(self, bus: SqliteBus) -> None:
        self.seen: list[bytes] = []
        self._tail = cast("AsyncGenerator[bytes, None]", bus.tail())
        self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for body in self._tail:
            self.seen.append(body)

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])
        await self._tail.aclose()


async def bound(bus: SqliteBus) -> list[str]:
    rows = bus._open_file().reading.execute("SELECT DISTINCT queue FROM binding WHERE queue LIKE 'tail.%'")
    return [name for (name,) in rows]


async def reading(bus: SqliteBus) -> Reader:
    reader = Reader(bus)
    await eventually(lambda: bound(bus))
    return reader


async def test_a_tail_yields_every_event_in_order_also_those_without_a_queue(bus: SqliteBus) -> None:
    reader = await reading(bus)
    await bus.publish("region.registered", "region/1/1", "61.12", b"one", mandatory=True)
    await bus.publish("alert.sent", "message/1/1", "61.12", b"two", mandatory=False)

    async def seen() -> list[bytes]:
        return reader.seen

    assert await eventually(seen, lambda seen: len(seen) == 2) == [b"one", b"two"]
    assert isinstance(bus, Tailing)
    await reader.stop()


async def test_a_tail_takes_no_messages_and_leaves_nothing_behind(bus: SqliteBus) -> None:
    reader = await reading(bus)
    await bus.publish("region.registered", "region/1/1", "61.12", b"one", mandatory=True)
    await reader.stop()

    assert (await bus.state(QUEUE)).ready == 1
    assert await bound(bus) == []
    rows = bus._open_file().reading.execute("SELECT count(*) FROM waiting WHERE queue LIKE 'tail.%'")
    assert rows.fetchone() == (0,)


async def test_a_tail_does_not_count_as_the_queue_of_a_mandatory_message(bus: SqliteBus) -> None:
    await bus.apply([])
    reader = await reading(bus)

    with pytest.raises(Unroutable):
        await bus.publish("region.registered", "region/1/1", "61.12", b"one", mandatory=True)
    await reader.stop()


async def test_applying_the_queues_again_leaves_the_tail_bound(bus: SqliteBus) -> None:
    reader = await reading(bus)

    await bus.apply(SUBSCRIPTIONS)

    assert len(await bound(bus)) == 1
    await reader.stop()


async def test_a_tail_that_was_silent_for_thirty_seconds_is_removed(bus: SqliteBus) -> None:
    now = machine_ms()
    tails = {"tail.dead": now - 31_000, "tail.slow": now - 20_000, "tail.before-the-clock-was-set-back": now + 31_000}

    def leave_behind(db: sqlite3.Connection) -> None:
        for queue, beat_at in tails.items():
            db.execute("INSERT INTO tail VALUES (?, ?)", (queue, beat_at))
            db.execute("INSERT INTO binding VALUES ('alert.sent', ?)", (queue,))

    await bus.publish("region.registered", "region/1/1", "61.12", b"one", mandatory=True)
    await bus._open_file().write(leave_behind)
    await bus.publish("alert.sent", "message/1/1", "61.12", b"two", mandatory=False)

    assert await eventually(lambda: bound(bus), lambda queues: queues == ["tail.slow"])
    rows = bus._open_file().reading.execute("SELECT DISTINCT queue FROM waiting WHERE queue LIKE 'tail.%'").fetchall()
    assert rows == [("tail.slow",)]
    assert (await bus.state(QUEUE)).ready == 1


async def test_a_tail_whose_reader_pauses_stays(bus: SqliteBus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus_tail, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(bus_tail, "SILENT_SECONDS", 1.0)
    events = cast("AsyncGenerator[bytes, None]", bus.tail())
    first = asyncio.ensure_future(anext(events))
    await eventually(lambda: bound(bus))
    await bus.publish("alert.sent", "message/1/1", "61.12", b"one", mandatory=False)
    assert await first == b"one"

    await asyncio.sleep(1.5)  # nobody asks for the next event

    await bus.publish("alert.sent", "message/1/2", "61.12", b"two", mandatory=False)
    assert await anext(events) == b"two"
    await events.aclose()


async def test_a_tail_that_was_removed_ends_with_a_fault(bus: SqliteBus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus_tail, "BEAT_SECONDS", 0.05)
    events = cast("AsyncGenerator[bytes, None]", bus.tail())
    first = asyncio.ensure_future(anext(events))
    await eventually(lambda: bound(bus))

    def fall_silent(db: sqlite3.Connection) -> None:
        db.execute("UPDATE tail SET beat_at = 0")
        bus_tail.remove_silent_tails(db)

    await bus._open_file().write(fall_silent)  # in one transaction: no heartbeat can come between

    with pytest.raises(BusAway, match="silent for too long"):
        await first


async def test_a_tail_that_reads_too_slowly_loses_the_oldest(bus: SqliteBus, monkeypatch: pytest.MonkeyPatch) -> None:
    trim = bus_tail.TRIM.replace(str(bus_tail.TAIL_LENGTH), "6")
    monkeypatch.setattr("shared.adapters.sqlite.bus_delivery.TRIM", trim)
    events = bus.tail()
    first = asyncio.ensure_future(anext(events))
    await eventually(lambda: bound(bus))
    await bus.publish("alert.sent", "message/1/0", "61.12", b"0", mandatory=False)
    assert await first == b"0"

    for number in range(1, 21):
        await bus.publish("alert.sent", f"message/1/{number}", "61.12", b"%d" % number, mandatory=False)

    queues = 1 + sum("alert.sent" in each.types for each in SUBSCRIPTIONS)  # each message takes a place in every queue
    assert await anext(events) == b"%d" % (21 - 6 // queues)
    await cast("AsyncGenerator[bytes, None]", events).aclose()
