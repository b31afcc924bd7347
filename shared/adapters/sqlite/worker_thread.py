"""A thread that runs one function after another for coroutines, at less cost than an executor of one worker."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")

_Answer = tuple[Any, BaseException | None]
_Task = tuple[Callable[[], Any], Callable[[_Answer], None]]


class WorkerThread:
    """Started by the first `run`. Belongs to the loop that calls it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._thread: Thread | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """The result of `work`, which runs to its end even if the caller is cancelled. What it raises passes
        through."""
        if self._thread is None:
            self._thread = Thread(target=_working, args=(self._tasks,), name=self._name, daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def answer(answer: _Answer) -> None:
            with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(_deliver, future, answer)

        self._tasks.put((work, answer))
        return await future

    def stop(self) -> None:
        """End the thread after what it was given. A later `run` starts another."""
        if self._thread is not None:
            self._tasks.put(None)
            self._thread = None
            self._tasks = SimpleQueue()


def _working(tasks: SimpleQueue[_Task | None]) -> None:
    while (task := tasks.get()) is not None:
        work, answer = task
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - it is the caller's to judge
            answer((None, error))
        else:
            answer((result, None))


def _deliver(future: asyncio.Future[Any], answer: _Answer) -> None:
    if future.done():
        return
    result, error = answer
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
