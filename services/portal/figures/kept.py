"""Keeps what owners answered for a while, and for a shorter one that they did not, so that a page never waits twice for
a service that is away."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from shared.clock import machine_seconds

V = TypeVar("V")

_MOST = 500


class Kept(Generic[V]):
    """Values by key, the oldest dropped first. seconds: for which a value is kept; away_seconds: None, which says that
    there was no answer; size: of a value, by default each counts 1; most: the sizes of all that are kept together."""

    def __init__(
        self, seconds: float, away_seconds: float = 10.0, *, size: Callable[[V], int] | None = None, most: int = _MOST
    ) -> None:
        self._seconds = seconds
        self._away_seconds = away_seconds
        self._size = size
        self._most = most
        self._all = 0
        self._values: OrderedDict[object, tuple[float, V | None, int]] = OrderedDict()

    async def get(self, key: object, ask: Callable[[], Awaitable[V | None]]) -> V | None:
        """The value of a key; asked for when it is not kept."""
        kept = self._values.get(key)
        if kept is not None and machine_seconds() < kept[0]:
            return kept[1]
        value = await ask()
        until = machine_seconds() + (self._away_seconds if value is None else self._seconds)
        self._keep(key, until, value)
        return value

    def _keep(self, key: object, until: float, value: V | None) -> None:
        size = 1 if value is None or self._size is None else self._size(value)
        if before := self._values.pop(key, None):
            self._all -= before[2]
        if size > self._most:
            return
        self._values[key] = until, value, size
        self._all += size
        while self._all > self._most:
            self._all -= self._values.popitem(last=False)[1][2]
