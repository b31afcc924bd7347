"""Replaying and discarding many parked messages of the embedded bus, beside the process that receives."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.adapters.sqlite.bus import SqliteBus
from shared.clock import Clock, machine_ms
from shared.operations.parked import Selection, move
from tests.support.pipeline import AGENCIES, opened_bus

MANY = 2000
MOST_IN_ONE_TRANSACTION = 250  # messages, for which the process that receives has to wait


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[SqliteBus]:
    """A bus with MANY parked messages."""
    async with opened_bus(tmp_path) as bus:
        rows = [(AGENCIES.name, f"agency/{number}/1", b"{}", machine_ms()) for number in range(MANY)]

        def fill(db: sqlite3.Connection) -> None:
            db.executemany(
                """INSERT INTO parked (queue, message_id, body, attempt, reason, fault, last_at)
                VALUES (?, ?, ?, 6, 'bad', 'ValueError', ?)""",
                rows,
            )

        await bus._open_file().write(fill)
        yield bus


def statements_of(bus: SqliteBus) -> list[str]:
    """The statements that the bus writes from now on."""
    seen: list[str] = []
    bus._open_file()._commits._open_connection.set_trace_callback(seen.append)
    return seen


@pytest.mark.parametrize("replay", [True, False])
async def test_many_messages_move_in_small_transactions(bus: SqliteBus, *, replay: bool) -> None:
    statements = statements_of(bus)

    assert await move(bus, AGENCIES, Selection(), Clock.machine(), replay=replay) == MANY

    sizes, size = [], 0
    for statement in statements:
        size += statement.lstrip().startswith("DELETE FROM parked")
        if statement == "COMMIT":
            sizes.append(size)
            size = 0
    assert sum(sizes) == MANY
    assert max(sizes) <= MOST_IN_ONE_TRANSACTION
    state = await bus.state(AGENCIES)
    assert (state.parked, state.ready) == (0, MANY if replay else 0)


async def test_a_message_costs_the_same_however_many_are_parked(bus: SqliteBus) -> None:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    bus._open_file()._commits._open_connection.set_progress_handler(count, 100)
    costs = []
    for first in (0, MANY // 2):  # the second time half as many are parked
        steps = 0
        ids = frozenset(f"agency/{number}/1" for number in range(first, first + MANY // 2))
        assert await bus.unpark(AGENCIES, ids, replay=True) == MANY // 2
        costs.append(steps)

    assert costs[0] < 1.5 * costs[1]


async def test_progress_is_told_while_messages_move(bus: SqliteBus) -> None:
    told: list[int] = []

    await move(bus, AGENCIES, Selection(), Clock.machine(), replay=True, progress=told.append)

    assert told == sorted(told)
    assert told[-1] == MANY
    assert len(told) >= MANY // MOST_IN_ONE_TRANSACTION


async def test_an_interrupted_replay_keeps_what_was_moved_and_can_be_run_again(bus: SqliteBus) -> None:
    def interrupt(_: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        await move(bus, AGENCIES, Selection(), Clock.machine(), replay=True, progress=interrupt)
    state = await bus.state(AGENCIES)
    assert state.ready + state.parked == MANY
    assert state.ready > 0

    await move(bus, AGENCIES, Selection(), Clock.machine(), replay=True)

    state = await bus.state(AGENCIES)
    assert (state.ready, state.parked) == (MANY, 0)
