from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from shared.faults import StoreAway
from shared.runtime.loops import LoopRunner
from shared.runtime.service import Loop


class Question:
    """A question that is answered as told, and says when it was asked."""

    def __init__(self, *answers: Exception | None) -> None:
        self.asked = 0
        self.answers = list(answers)
        self.heard = asyncio.Condition()
        self.wake = asyncio.Event()

    async def ask(self) -> None:
        async with self.heard:
            self.asked += 1
            self.heard.notify_all()
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer

    async def times(self, number: int) -> None:
        async with asyncio.timeout(5), self.heard:
            await self.heard.wait_for(lambda: self.asked >= number)


async def during(runner: LoopRunner, act: Callable[[], Awaitable[None]]) -> None:
    task = asyncio.create_task(runner.run())
    try:
        await act()
    finally:
        runner.stop()
        await asyncio.wait_for(task, 5)


async def test_it_is_asked_again_after_its_time() -> None:
    question = Question()
    runner = LoopRunner("test", Loop("q", 0.01, question.ask))

    await during(runner, lambda: question.times(3))

    assert runner.readiness.state == "stopped"


async def test_a_nudge_makes_it_ask_at_once() -> None:
    question = Question()
    runner = LoopRunner("test", Loop("q", 3600.0, question.ask, question.wake))

    async def act() -> None:
        await question.times(1)
        question.wake.set()
        await question.times(2)

    await during(runner, act)


async def test_a_nudge_while_it_runs_is_not_lost() -> None:
    question = Question()

    async def ask() -> None:
        if question.asked == 0:
            question.wake.set()
        await question.ask()

    await during(LoopRunner("test", Loop("q", 3600.0, ask, question.wake)), lambda: question.times(2))


async def test_a_fault_is_told_and_the_question_asked_again() -> None:
    question = Question(RuntimeError("oh"), StoreAway("no answer"))
    runner = LoopRunner("test", Loop("q", 0.01, question.ask))
    seen: list[tuple[bool, str]] = []

    async def act() -> None:
        for number in (1, 2, 3):
            await question.times(number)
            await asyncio.sleep(0)
            seen.append((runner.readiness.ready, runner.readiness.state))

    with structlog.testing.capture_logs() as told:
        await during(runner, act)

    assert seen == [(False, "failing"), (False, "away"), (True, "running")]
    assert [entry["event"] for entry in told] == ["loop.failed", "loop.waits", "loop.waits"]


async def test_stopped_before_it_began_it_never_asks() -> None:
    question = Question()
    runner = LoopRunner("test", Loop("q", 0.01, question.ask))
    runner.stop()

    await asyncio.wait_for(runner.run(), 5)

    assert question.asked == 0


async def test_when_it_stops_the_run_under_way_ends_by_itself() -> None:
    begun, finish, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def ask() -> None:
        begun.set()
        await finish.wait()
        done.set()

    runner = LoopRunner("test", Loop("q", 3600.0, ask))
    task = asyncio.create_task(runner.run())
    await begun.wait()
    runner.stop()
    finish.set()
    await asyncio.wait_for(task, 5)

    assert done.is_set()
