"""Gathers what many coroutines ask of a server into one statement at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from copy import copy
from typing import Generic, TypeVar

from shared.adapters.mongo.errors import is_unreachable

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")


class Gathering(Generic[Ask, Answer]):
    """One statement is under way; what is asked meanwhile goes into the next one together, so an answer is always one
    of a statement that began after the question. Safe for many coroutines of one loop."""

    def __init__(
        self, run: Callable[[Sequence[Ask]], Awaitable[Sequence[Answer | Exception]]], *, most: int, pace: float = 0.0
    ) -> None:
        """run: makes the statement, and gives each question its own answer, or the exception that its asker gets; if it
        raises, all get that, and those who wait as well if no server could be found; most: questions in one statement;
        pace: seconds from the beginning of one statement to that of the next, if somebody waits when the first ends. A
        lone question is not delayed."""
        self._run = run
        self._most = most
        self._pace = pace
        self._waiting: deque[tuple[Ask, asyncio.Future[Answer]]] = deque()
        self._running: asyncio.Task[None] | None = None

    def ask(self, ask: Ask) -> asyncio.Future[Answer]:
        """The answer. Cancelling it leaves the question in the statement if that is under way."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((ask, future))
        if self._running is None:
            self._running = loop.create_task(self._work(), name="mongodb statements", context=Context())
        return future

    async def finish(self) -> None:
        """Return when no statement is under way."""
        while self._running is not None:
            await asyncio.wait([self._running])

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while taken := self._taken():
                began = loop.time()
                await self._answer(taken)
                if self._waiting and (early := began + self._pace - loop.time()) > 0:
                    await asyncio.sleep(early)
        finally:
            self._running = None
            for _, future in self._waiting:  # only when the loop ends, and cancels all tasks
                future.cancel()

    def _taken(self) -> list[tuple[Ask, asyncio.Future[Answer]]]:
        taken: list[tuple[Ask, asyncio.Future[Answer]]] = []
        while self._waiting and len(taken) < self._most:
            waiting = self._waiting.popleft()
            if not waiting[1].done():
                taken.append(waiting)
        return taken

    async def _answer(self, taken: list[tuple[Ask, asyncio.Future[Answer]]]) -> None:
        answers: Sequence[Answer | Exception]
        try:
            answers = await self._run([ask for ask, _ in taken])
        except Exception as error:  # noqa: BLE001 - raised in each asker
            if is_unreachable(error):
                taken += self._waiting
                self._waiting.clear()
            answers = [_same(error) for _ in taken]
        except BaseException:
            for _, future in taken:
                future.cancel()
            raise
        for (_, future), answer in zip(taken, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)


def _same(error: Exception) -> Exception:
    """An exception as this one, with a traceback of its own."""
    again = copy(error)
    again.__cause__ = error.__cause__
    return again
