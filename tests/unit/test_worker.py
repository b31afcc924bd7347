from __future__ import annotations

import asyncio

import pytest

from shared.worker import Worker


class Counter(Worker):
    """Counts its turns. idle: seconds between two; failing: a turn raises."""

    def __init__(self, *, idle: float = 3600.0, back_off: float = 0.0, failing: bool = False) -> None:
        super().__init__("counter")
        self.turns = 0
        self.finished = 0
        self.turn_done = asyncio.Event()
        self._seconds = (idle, back_off)
        self._failing = failing

    async def _turn(self) -> None:
        self.turns += 1
        self.turn_done.set()
        if self._failing:
            raise RuntimeError("a mistake")
        idle, back_off = self._seconds
        await self._back_off(back_off)
        await self._idle(idle)

    async def _finish(self) -> None:
        self.finished += 1

    async def next_turn(self) -> None:
        self.turn_done.clear()
        await asyncio.wait_for(self.turn_done.wait(), 5)


async def test_it_repeats_its_turn_until_it_is_stopped() -> None:
    worker = Counter(idle=0.001)
    task = asyncio.create_task(worker.run())
    for _ in range(3):
        await worker.next_turn()

    await worker.stop()

    assert task.done() or await asyncio.wait_for(task, 5) is None
    assert worker.finished == 1


async def test_waking_it_starts_the_next_turn_at_once() -> None:
    worker = Counter()
    task = asyncio.create_task(worker.run())
    await worker.next_turn()

    worker.wake()
    await worker.next_turn()

    assert worker.turns == 2
    await worker.stop()
    await task


async def test_waking_it_does_not_shorten_a_back_off_and_stopping_does() -> None:
    worker = Counter(back_off=3600.0)
    task = asyncio.create_task(worker.run())
    await worker.next_turn()

    worker.wake()
    for _ in range(10):
        await asyncio.sleep(0)
    assert worker.turns == 1

    await asyncio.wait_for(worker.stop(), 5)
    await task


async def test_stopped_before_it_ran_it_does_nothing() -> None:
    worker = Counter()

    await asyncio.wait_for(worker.stop(), 5)
    await asyncio.wait_for(worker.run(), 5)

    assert (worker.turns, worker.finished) == (0, 0)


async def test_stop_waits_for_the_turn_in_progress_but_no_longer_than_it_is_told() -> None:
    release = asyncio.Event()

    class Busy(Counter):
        async def _turn(self) -> None:
            self.turn_done.set()
            await release.wait()

    worker = Busy()
    task = asyncio.create_task(worker.run())
    await worker.next_turn()

    await worker.stop(within=0.01)
    assert worker.finished == 0

    stopping = asyncio.create_task(worker.stop())
    release.set()
    await asyncio.wait_for(stopping, 5)
    assert worker.finished == 1
    await task


async def test_after_an_error_it_finishes_and_raises() -> None:
    worker = Counter(failing=True)

    with pytest.raises(RuntimeError, match="a mistake"):
        await worker.run()

    assert worker.finished == 1
    await asyncio.wait_for(worker.stop(), 5)


async def test_when_cancelled_it_finishes() -> None:
    worker = Counter()
    task = asyncio.create_task(worker.run())
    await worker.next_turn()

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert worker.finished == 1
