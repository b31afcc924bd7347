from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from shared.faults import StoreAway
from shared.runtime.loops import LoopRunner
from shared.runtime.service import Loop


class Runs:
    """A loop's function that counts its runs and fails with the given errors, one per run."""

    def __init__(self, *outcomes: Exception | None) -> None:
        self.count = 0
        self.outcomes = list(outcomes)
        self.changed = asyncio.Condition()
        self.wake = asyncio.Event()

    async def run(self) -> None:
        async with self.changed:
            self.count += 1
            self.changed.notify_all()
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome

    async def reach(self, count: int) -> None:
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: self.count >= count)


async def during(runner: LoopRunner, act: Callable[[], Awaitable[None]]) -> None:
    task = asyncio.create_task(runner.run())
    try:
        await act()
    finally:
        await asyncio.wait_for(runner.stop(), 5)
        await asyncio.wait_for(task, 5)


async def test_it_runs_again_after_its_time() -> None:
    runs = Runs()
    runner = LoopRunner("test", Loop("q", 0.01, runs.run))

    await during(runner, lambda: runs.reach(3))

    assert runner.readiness.state == "stopped"


async def test_when_woken_it_runs_at_once() -> None:
    runs = Runs()
    runner = LoopRunner("test", Loop("q", 3600.0, runs.run, runs.wake))

    async def act() -> None:
        await runs.reach(1)
        runs.wake.set()
        await runs.reach(2)

    await during(runner, act)


async def test_when_woken_during_a_run_it_runs_again() -> None:
    runs = Runs()

    async def run() -> None:
        if runs.count == 0:
            runs.wake.set()
        await runs.run()

    await during(LoopRunner("test", Loop("q", 3600.0, run, runs.wake)), lambda: runs.reach(2))


async def test_a_failed_run_is_logged_shown_and_repeated() -> None:
    runs = Runs(RuntimeError("oh"), StoreAway("no answer"))
    runner = LoopRunner("test", Loop("q", 0.01, runs.run))
    seen: list[tuple[bool, str]] = []

    async def act() -> None:
        for count in (1, 2, 3):
            await runs.reach(count)
            await asyncio.sleep(0)
            seen.append((runner.readiness.ready, runner.readiness.state))

    with structlog.testing.capture_logs() as logged:
        await during(runner, act)

    assert seen == [(False, "failing"), (False, "away"), (True, "running")]
    assert [entry["event"] for entry in logged] == ["loop.failed", "loop.waits", "loop.waits"]


async def test_stopped_before_it_began_it_never_runs() -> None:
    runs = Runs()
    runner = LoopRunner("test", Loop("q", 0.01, runs.run))
    await runner.stop()

    await asyncio.wait_for(runner.run(), 5)

    assert runs.count == 0


async def test_stop_waits_for_the_run_in_progress() -> None:
    begun, finish, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def run() -> None:
        begun.set()
        await finish.wait()
        done.set()

    runner = LoopRunner("test", Loop("q", 3600.0, run))
    task = asyncio.create_task(runner.run())
    await begun.wait()
    stopping = asyncio.create_task(runner.stop())
    await asyncio.sleep(0)
    finish.set()
    await asyncio.wait_for(stopping, 5)

    assert done.is_set()
    await task
