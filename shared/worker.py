"""Work that a process repeats until it is stopped: the one protocol of relay, consumer, loops and lag."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress

from shared.backoff import Sleep, rest


class Worker(ABC):
    """Repeats a turn of work. `run` (in a task of its own) and `stop` are called once each.

    A subclass waits only with `_idle` and `_back_off`: `stop` cuts both short. Cancelling `run` drops the turn in
    progress, and `_finish` still runs.
    """

    def __init__(self, name: str, *, sleep: Sleep = asyncio.sleep, woken: asyncio.Event | None = None) -> None:
        """name: for logs; sleep: how `_back_off` waits; woken: an event that others set instead of calling `wake`."""
        self.name = name
        self._stopping = asyncio.Event()
        self._woken = woken or asyncio.Event()
        self._sleep = sleep
        self._started = False
        self._ended = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`."""
        if self._stopping.is_set():
            return
        self._started = True
        try:
            self._begin()
            while not self._stopping.is_set():
                self._woken.clear()
                await self._turn()
        finally:
            try:
                await self._finish()
            finally:
                self._ended.set()

    def wake(self) -> None:
        """There is work: end `_idle`. During a turn: start the next one at once."""
        self._woken.set()

    async def stop(self, within: float | None = None) -> None:
        """Start no new turn. Returns when the turn in progress and `_finish` are over, or after `within` seconds."""
        self._stopping.set()
        self._woken.set()
        if self._started:
            with suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await self._ended.wait()

    def _begin(self) -> None:  # noqa: B027 - a subclass may leave it as it is
        """Before the first turn."""

    @abstractmethod
    async def _turn(self) -> None:
        """One turn. It must wait somewhere, or the process does nothing else."""

    async def _finish(self) -> None:  # noqa: B027 - as above
        """After the last turn, also when it failed or was cancelled."""

    async def _idle(self, seconds: float) -> None:
        """Wait for work: until `wake`, `stop`, or the seconds are over."""
        await rest(seconds, self._woken)

    async def _back_off(self, seconds: float) -> None:
        """Wait before another try: until `stop`, or the seconds are over. `wake` does not shorten it."""
        await rest(seconds, self._stopping, self._sleep)
