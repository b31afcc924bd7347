"""The embedded bus after the machine's clock was set back: no message waits longer than its rung."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from shared.adapters.sqlite.bus import SqliteBus
from shared.clock import machine_ms
from shared.contracts.topology import RUNGS
from shared.ports.bus import Receiver
from tests.support.pipeline import AGENCIES, eventually, opened_bus

HOUR_MS = 3_600_000
SOON = 5.0
OFFSET = time.time_ns() - time.monotonic_ns()


def set_clock(monkeypatch: pytest.MonkeyPatch, *, ahead_ms: int) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: time.monotonic_ns() + OFFSET + ahead_ms * 1_000_000)


async def rest_one(bus: SqliteBus) -> Receiver:
    """Put one message on the first rung."""
    await bus.publish("agency.registered", "a", "61.12", b"x", mandatory=True)
    receiver = await bus.receive(AGENCIES, prefetch=1)
    await receiver.retry(await receiver.take(), rung=0, counted=True)
    return receiver


async def test_a_message_on_a_rung_comes_back_in_time_although_the_clock_was_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as wrong:
        set_clock(wrong, ahead_ms=HOUR_MS)
        async with opened_bus(tmp_path) as bus:
            receiver = await rest_one(bus)
            set_clock(wrong, ahead_ms=0)
            async with asyncio.timeout(SOON):
                assert (await receiver.take()).attempt == 1


async def test_it_does_so_too_when_the_clock_was_set_back_while_no_process_ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as wrong:
        set_clock(wrong, ahead_ms=HOUR_MS)
        async with opened_bus(tmp_path) as bus:
            await rest_one(bus)

    async with opened_bus(tmp_path) as bus, asyncio.timeout(SOON):
        assert (await (await bus.receive(AGENCIES, prefetch=1)).take()).attempt == 1


async def test_a_message_that_an_earlier_release_put_on_a_rung_waits_no_longer_than_the_longest(tmp_path: Path) -> None:
    path = tmp_path / "bus.sqlite"
    async with opened_bus(tmp_path):
        pass
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("ALTER TABLE resting DROP COLUMN wait")
        db.execute(
            "INSERT INTO resting (queue, message_id, body, attempt, due_at) VALUES (?, 'a', x'', 1, ?)",
            (AGENCIES.name, machine_ms() + 10 * HOUR_MS),
        )

    async with opened_bus(tmp_path) as bus:

        def is_shortened() -> bool:
            (due,) = bus._open_file().reading.execute("SELECT due_at FROM resting").fetchone()
            return bool(due <= machine_ms() + RUNGS[-1] * 1000)

        await eventually(is_shortened)
