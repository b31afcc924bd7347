"""Shares one run of a piece of work among all who ask for the same at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class _Run:
    """ended: its result is whether it succeeded."""

    def __init__(self) -> None:
        self.began = False
        self.ended: asyncio.Future[bool] = asyncio.get_running_loop().create_future()


class SharedRuns:
    """Runs work by key, one run of a key at a time. A run serves those who asked before it began."""

    def __init__(self) -> None:
        self._latest: dict[object, _Run] = {}

    async def run(self, key: object, work: Callable[[], Awaitable[None]]) -> None:
        """Return when a run of `work` has succeeded that began after this call. Raises what it raises in the call that
        runs it; the others try again."""
        while (latest := self._latest.get(key)) is not None and not latest.began:
            if await asyncio.shield(latest.ended):
                return
        mine = self._latest[key] = _Run()
        succeeded = False
        try:
            if latest is not None:
                await asyncio.shield(latest.ended)
            mine.began = True
            await work()
            succeeded = True
        finally:
            if self._latest.get(key) is mine:
                del self._latest[key]
            mine.ended.set_result(succeeded)
