"""Shares one run of a piece of work among all who ask for the same at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class _Run:
    """began: in seconds of the loop's clock, None: it has not; ended: its result is whether it succeeded."""

    def __init__(self) -> None:
        self.began: float | None = None
        self.ended: asyncio.Future[bool] = asyncio.get_running_loop().create_future()


class SharedRuns:
    """Runs work by key, one run of a key at a time. A run serves those who asked before it began."""

    def __init__(self, pace: float = 0.0) -> None:
        """pace: seconds from the beginning of one run to that of the next, if somebody waits when the first ends. Who
        finds no run is not delayed."""
        self._pace = pace
        self._latest: dict[object, _Run] = {}

    async def run(self, key: object, work: Callable[[], Awaitable[None]]) -> None:
        """Return when a run of `work` has succeeded that began after this call. Raises what it raises in the call that
        runs it; the others try again."""
        clock = asyncio.get_running_loop().time
        while (latest := self._latest.get(key)) is not None and latest.began is None:
            if await asyncio.shield(latest.ended):
                return
        mine = self._latest[key] = _Run()
        succeeded = False
        try:
            if latest is not None and latest.began is not None:
                await asyncio.shield(latest.ended)
                await asyncio.sleep(latest.began + self._pace - clock())
            mine.began = clock()
            await work()
            succeeded = True
        finally:
            if self._latest.get(key) is mine:
                del self._latest[key]
            mine.ended.set_result(succeeded)
