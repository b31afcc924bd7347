"""The messages that have arrived at a receiver and are not taken yet, and the callers that wait for one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

from shared.faults import Fault
from shared.ports.bus import Delivery


class Arrivals:
    """Each message wakes one caller. A cancelled `take` loses nothing."""

    def __init__(self) -> None:
        self._arrived: deque[Delivery] = deque()
        self._takers: deque[asyncio.Future[None]] = deque()
        self._end: Fault | None = None

    @property
    def ended(self) -> bool:
        """Whether `end` was called."""
        return self._end is not None

    def add(self, deliveries: Iterable[Delivery]) -> None:
        """These have arrived."""
        for each in deliveries:
            self._arrived.append(each)
            self._wake_one()

    def end(self, fault: Fault) -> None:
        """From now on `take` raises this fault; a second one changes nothing."""
        if self._end is None:
            self._end = fault
        while self._takers:
            self._wake_one()

    async def take(self) -> Delivery:
        """The next message, waiting for it if there is none. Raises the fault of `end`."""
        while True:
            if self._end is not None:
                raise self._end.__class__(self._end.detail)
            if self._arrived:
                return self._arrived.popleft()
            taker = asyncio.get_running_loop().create_future()
            self._takers.append(taker)
            try:
                await taker
            except asyncio.CancelledError:
                if taker in self._takers:
                    self._takers.remove(taker)
                elif self._arrived:
                    self._wake_one()  # its message is for another one
                raise

    def withdraw(self) -> list[Delivery]:
        """Those that nobody took; they are not here any more."""
        left = list(self._arrived)
        self._arrived.clear()
        return left

    def _wake_one(self) -> None:
        while self._takers:
            taker = self._takers.popleft()
            if not taker.done():
                taker.set_result(None)
                return
