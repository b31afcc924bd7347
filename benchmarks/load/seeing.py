"""How the generator sees that an innovation is scored: by a queue of its own, or by a question in a while."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from time import monotonic
from typing import Protocol, Self

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from benchmarks.load.connection import Connection
from benchmarks.load.job import Job, Probe, Queue

_FOUND = 200
_SHORTEST = 0.004  # seconds between two questions about one innovation


class Seeing(Protocol):
    """sent, seen: innovation → moment; last: the moment at which the last one was seen; twice: how many were seen once
    more."""

    sent: dict[str, float]
    seen: dict[str, float]
    last: float
    twice: int

    def sending(self, key: str, at: float) -> None:
        """A submission leaves now, or was due at this moment."""

    def accepted(self, key: str) -> None:
        """It was answered with success."""

    async def all_seen(self, count: int) -> None:
        """Wait until so many are seen. Raises TimeoutError when nothing comes any more."""

    def timed(self) -> dict[str, float]:
        """Those whose moment was measured closely."""


class Listening:
    """A queue bound to the events."""

    def __init__(self, patience: float) -> None:
        self.sent: dict[str, float] = {}
        self.seen: dict[str, float] = {}
        self.last, self.twice = 0.0, 0
        self._patience = patience
        self._news = asyncio.Event()

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls, queue: Queue, patience: float) -> AsyncIterator[Self]:
        """Declare, bind and consume it until the block ends."""
        connection = await aio_pika.connect(queue.url)
        async with connection:
            channel = await connection.channel()
            mine = await channel.declare_queue(exclusive=True)
            for type in queue.types:
                await mine.bind(queue.exchange, type)
            listening = cls(patience)
            await mine.consume(listening.take, no_ack=True)
            yield listening

    async def take(self, message: AbstractIncomingMessage) -> None:
        """A message has come."""
        key = (message.message_id or "").split("/")[1]
        if key in self.seen:
            self.twice += 1
        elif key in self.sent:  # else of an earlier round
            self.seen[key] = self.last = monotonic()
            self._news.set()

    def sending(self, key: str, at: float) -> None:
        self.sent[key] = at

    def accepted(self, key: str) -> None:
        pass

    async def all_seen(self, count: int) -> None:
        while len(self.seen) < count:
            self._news.clear()
            async with asyncio.timeout(self._patience):
                await self._news.wait()

    def timed(self) -> dict[str, float]:
        return self.seen


class Asking:
    """Asks about one of so many, and at the end about the last ones."""

    def __init__(self, job: Job, probe: Probe) -> None:
        self.sent: dict[str, float] = {}
        self.seen: dict[str, float] = {}
        self.last, self.twice = 0.0, 0
        self._job, self._probe = job, probe
        self._timed: dict[str, float] = {}
        self._number = 0
        self._end: deque[str] = deque(maxlen=probe.last)
        self._tasks: set[asyncio.Task[None]] = set()
        self._unused: list[Connection] = []

    def sending(self, key: str, at: float) -> None:
        self.sent[key] = at

    def accepted(self, key: str) -> None:
        self._number += 1
        self._end.append(key)
        if self._probe.every and self._number % self._probe.every == 0:
            task = asyncio.create_task(self._time(key))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def all_seen(self, count: int) -> None:
        del count
        await asyncio.gather(*self._tasks)
        async with asyncio.timeout(self._job.patience):
            for key in list(self._end):
                if key not in self.seen:
                    await self._until_there(key)
        self.last = monotonic()

    def timed(self) -> dict[str, float]:
        return self._timed

    def close(self) -> None:
        """Close the connections of its questions."""
        for each in self._unused:
            each.close()

    async def _time(self, key: str) -> None:
        async with asyncio.timeout(self._job.patience):
            await self._until_there(key)
        self._timed[key] = self.seen[key]

    async def _until_there(self, key: str) -> None:
        connection = self._unused.pop() if self._unused else Connection(self._job.url, self._job.token)
        while (await connection.request("GET", f"{self._probe.path}{key}"))[0] != _FOUND:  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(max(_SHORTEST, 0.1 * (monotonic() - self.sent[key])))
        self.seen[key] = monotonic()
        self._unused.append(connection)
