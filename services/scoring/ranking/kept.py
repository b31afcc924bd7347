"""Keeps computed results in memory, each under the version of its inputs, and computes each only once at a time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.clock import machine_seconds

V = TypeVar("V")

MOST_PLACES = 40_000  # in all kept results; a place with its entry takes about 2 KiB
MOST_RESULTS = 256
MOST_AGE = 600.0  # seconds: the safety net for a change whose process died before it could mark it


@dataclass(frozen=True)
class _Kept(Generic[V]):
    version: int
    value: V
    size: int
    made_at: float


class KeptResults(Generic[V]):
    """Results by key, the least recently used ones dropped first. size: places in a result."""

    def __init__(self, size: Callable[[V], int], *, most: int = MOST_PLACES) -> None:
        self._size = size
        self._most = most
        self._kept: OrderedDict[Hashable, _Kept[V]] = OrderedDict()
        self._running: dict[tuple[Hashable, int], asyncio.Task[V]] = {}

    async def get(self, key: Hashable, version: int, compute: Callable[[], Awaitable[V]]) -> V:
        """The result of this version; computed when it is not kept. Callers that ask at the same time wait for one
        computation. Raises what `compute` raises."""
        kept = self._kept.get(key)
        if kept is not None and kept.version == version and machine_seconds() - kept.made_at < MOST_AGE:
            self._kept.move_to_end(key)
            return kept.value
        running = self._running.get((key, version))
        if running is None:
            running = asyncio.create_task(self._compute(key, version, compute), name=f"compute {key}")
            self._running[key, version] = running
        return await asyncio.shield(running)

    async def _compute(self, key: Hashable, version: int, compute: Callable[[], Awaitable[V]]) -> V:
        try:
            value = await compute()
        finally:
            del self._running[key, version]
        self._keep(key, _Kept(version, value, self._size(value), machine_seconds()))
        return value

    def _keep(self, key: Hashable, new: _Kept[V]) -> None:
        self._kept.pop(key, None)
        if new.size > self._most:
            return
        self._kept[key] = new
        while len(self._kept) > MOST_RESULTS or sum(each.size for each in self._kept.values()) > self._most:
            self._kept.popitem(last=False)
