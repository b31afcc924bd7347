"""A time limit that is set anew very often and rarely passes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Deadline:
    """Calls a function when a time has come. It has one timer, which is set again when it fires too early: that costs
    less than a new timer each time the limit moves. Times are those of the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._at: float | None = None
        self._late: Callable[[], None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def set(self, at: float, late: Callable[[], None]) -> None:
        """Call `late` at that time, instead of what was set before."""
        self._at, self._late = at, late
        if self._timer is None or at < self._timer.when():
            self._start(at)

    def lift(self) -> None:
        """No limit for now."""
        self._at = None

    def end(self) -> None:
        """No limit any more: the timer is stopped."""
        self._at = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(at, self._check)

    def _check(self) -> None:
        self._timer = None
        if self._at is None or self._late is None:
            return
        if self._loop.time() < self._at:
            self._start(self._at)
        else:
            self._at = None
            self._late()
