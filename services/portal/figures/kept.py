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
    there was no answer."""

    def __init__(self, seconds: float, away_seconds: float = 10.0) -> None:
        self._seconds = seconds
        self._away_seconds = away_seconds
        self._values: OrderedDict[object, tuple[float, V | None]] = OrderedDict()

    async def get(self, key: object, ask: Callable[[], Awaitable[V | None]]) -> V | None:
        """The value of a key; asked for when it is not kept."""
        kept = self._values.get(key)
        if kept is not None and machine_seconds() < kept[0]:
            return kept[1]
        value = await ask()
        until = machine_seconds() + (self._away_seconds if value is None else self._seconds)
        self._values[key] = until, value
        self._values.move_to_end(key)
        while len(self._values) > _MOST:
            self._values.popitem(last=False)
        return value
