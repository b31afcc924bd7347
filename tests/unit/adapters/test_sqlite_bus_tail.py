from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from shared.adapters.sqlite import bus_tail
from shared.adapters.sqlite.bus import SqliteBus
from shared.contracts.subscriptions import SUBSCRIPTIONS, subscription
from shared.faults import Unroutable
from shared.ports.bus import Tailing
from tests.support.client import eventually
from tests.support.pipeline import opened_bus

QUEUE = subscription("notifications.regions")


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[SqliteBus]:
    async with opened_bus(tmp_path) as bus:
        await bus.apply(SUBSCRIPTIONS)
        yield bus


class Onlooker:
    """Reads a tail beside the test."""

    def __init__(self, bus: SqliteBus) -> None:
        self.seen: list[bytes] = []
        self._passing = cast("AsyncGenerator[bytes, None]", bus.tail())
        self._task = asyncio.create_task(self._look())

    async def _look(self) -> None:
        async for body in self._passing:
            self.seen.append(body)

    async def leave(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])
        await self._passing.aclose()


async def bound(bus: SqliteBus) -> list[str]:
    rows = bus._open_file().reading.execute("SELECT DISTINCT queue FROM binding WHERE queue LIKE 'tail.%'")
    return [name for (name,) in rows]


async def looking(bus: SqliteBus) -> Onlooker:
    onlooker = Onlooker(bus)
    await eventually(lambda: bound(bus))
    return onlooker


async def test_it_sees_every_event_in_order_also_those_that_nobody_takes(bus: SqliteBus) -> None:
    onlooker = await looking(bus)
    await bus.publish("region.registered", "region/1/1", b"one", mandatory=True)
    await bus.publish("alert.sent", "message/1/1", b"two", mandatory=False)

    async def seen() -> list[bytes]:
        return onlooker.seen

    assert await eventually(seen, lambda seen: len(seen) == 2) == [b"one", b"two"]
    assert isinstance(bus, Tailing)
    await onlooker.leave()


async def test_nobody_s_messages_are_taken_and_nothing_is_left_behind(bus: SqliteBus) -> None:
    onlooker = await looking(bus)
    await bus.publish("region.registered", "region/1/1", b"one", mandatory=True)
    await onlooker.leave()

    assert (await bus.state(QUEUE)).ready == 1
    assert await bound(bus) == []
    rows = bus._open_file().reading.execute("SELECT count(*) FROM waiting WHERE queue LIKE 'tail.%'")
    assert rows.fetchone() == (0,)


async def test_an_onlooker_does_not_make_a_missing_queue_good(bus: SqliteBus) -> None:
    await bus.apply([])
    onlooker = await looking(bus)

    with pytest.raises(Unroutable):
        await bus.publish("region.registered", "region/1/1", b"one", mandatory=True)
    await onlooker.leave()


async def test_the_queues_are_applied_anew_around_it(bus: SqliteBus) -> None:
    onlooker = await looking(bus)

    await bus.apply(SUBSCRIPTIONS)

    assert len(await bound(bus)) == 1
    await onlooker.leave()


async def test_one_that_was_killed_is_cleared_away(bus: SqliteBus, tmp_path: Path) -> None:
    async with opened_bus(tmp_path) as other:
        reach = other.tail()
        waiting = asyncio.ensure_future(anext(reach))
        await eventually(lambda: bound(bus))
        await other.vanish()
        waiting.cancel()
        await asyncio.wait([waiting])

    await eventually(lambda: bound(bus), lambda tails: tails == [])


async def test_one_that_reads_too_slowly_loses_the_oldest(bus: SqliteBus, monkeypatch: pytest.MonkeyPatch) -> None:
    trim = bus_tail.TRIM.replace(str(bus_tail.TAIL_LENGTH), "6")
    monkeypatch.setattr("shared.adapters.sqlite.bus.TRIM", trim)
    reach = bus.tail()
    first = asyncio.ensure_future(anext(reach))
    await eventually(lambda: bound(bus))
    await bus.publish("alert.sent", "message/1/0", b"0", mandatory=False)
    assert await first == b"0"

    for number in range(1, 21):
        await bus.publish("alert.sent", f"message/1/{number}", b"%d" % number, mandatory=False)

    assert await anext(reach) == b"15"
    await cast("AsyncGenerator[bytes, None]", reach).aclose()
