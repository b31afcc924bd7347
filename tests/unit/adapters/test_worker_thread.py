from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from shared.adapters.sqlite.worker_thread import WorkerThread
from shared.faults import Conflict


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """Of the thread of one test."""
    return f"worker of {request.node.name}"


@pytest.fixture
def thread(name: str) -> Iterator[WorkerThread]:
    thread = WorkerThread(name)
    yield thread
    thread.stop()


def running(name: str) -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == name]


async def test_one_function_after_another_runs_in_the_same_other_thread(thread: WorkerThread) -> None:
    order: list[int] = []

    def work(number: int) -> int:
        order.append(number)
        return threading.get_ident()

    idents = await asyncio.gather(*(thread.run(lambda n=n: work(n)) for n in range(20)))  # type: ignore[misc]

    assert order == list(range(20))
    assert len(set(idents)) == 1
    assert idents[0] != threading.get_ident()


async def test_what_it_raises_passes_through_and_the_next_one_runs(thread: WorkerThread) -> None:
    def fail() -> None:
        raise Conflict("no")

    with pytest.raises(Conflict):
        await thread.run(fail)
    assert await thread.run(lambda: 7) == 7


async def test_what_was_begun_ends_although_its_caller_is_cancelled(thread: WorkerThread) -> None:
    began, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        may_end.wait(5)
        ended.set()

    waiting = asyncio.create_task(thread.run(work))
    await asyncio.to_thread(began.wait, 5)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    may_end.set()

    assert await thread.run(ended.is_set)


async def test_it_ends_after_what_it_was_given_and_another_may_follow(thread: WorkerThread, name: str) -> None:
    last = asyncio.create_task(thread.run(lambda: 1))
    await asyncio.sleep(0)
    [first] = running(name)
    thread.stop()
    thread.stop()

    assert await last == 1
    first.join(5)
    assert running(name) == []
    assert await thread.run(lambda: 2) == 2


def test_a_thread_that_was_given_nothing_does_not_run(thread: WorkerThread, name: str) -> None:
    thread.stop()

    assert running(name) == []
