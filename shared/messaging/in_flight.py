"""The in-flight messages of one consumer: taken, not yet settled; at most `width` at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from math import isinf

from shared.messaging.processing import Processor
from shared.messaging.verdict import Pause, Reconnect
from shared.ports.bus import Delivery, Receiver


@dataclass(frozen=True)
class Interruption:
    """A verdict that interrupts the consumer, and the message that led to it, which is not settled."""

    verdict: Pause | Reconnect
    delivery: Delivery


_Lane = asyncio.Task[Interruption | Delivery | None]


@dataclass
class InFlight:
    """Takes messages from `receiver` and processes them in `width` tasks, one after the other in each. unsettled: the
    messages that `finish` left unsettled; settled: how many were settled before."""

    receiver: Receiver
    processor: Processor
    width: int
    stopping: asyncio.Event
    unsettled: list[Delivery] = field(default_factory=list)
    settled: int = 0
    _lanes: set[_Lane] = field(default_factory=set)
    _held: dict[asyncio.Task[object] | None, Delivery] = field(default_factory=dict)
    _finishing: bool = False

    async def work(self) -> Interruption | None:
        """Take and process messages until `stopping` is set (None) or an interruption. Raises BusAway, QueueMissing."""
        lanes = [self._start(once=False) for _ in range(self.width)]
        await self._wait(lanes, None)
        for lane in lanes:
            if lane.done():
                interruption = lane.result()
                return interruption if isinstance(interruption, Interruption) else None
        return None

    async def work_one(self, wait: float) -> Delivery | Interruption | None:
        """Take one message and process it: that message, or the interruption; None when `stopping` is set, or when no
        message came for `wait` seconds (may be infinite). Raises BusAway, QueueMissing."""
        lane = self._start(once=True)
        await self._wait([lane], None if isinf(wait) else wait)
        if lane in self._held and not self.stopping.is_set():
            await self._wait([lane], None)
        return lane.result() if lane.done() else None

    async def finish(self, grace: float) -> None:
        """Take no more; let handlers run for `grace` seconds, then cancel them. Fills `unsettled`."""
        self._finishing = True
        for lane in self._lanes - self._held.keys():
            lane.cancel()
        if self._lanes:
            await asyncio.wait(self._lanes, timeout=grace)
            for lane in self._lanes:
                lane.cancel()
            await asyncio.wait(self._lanes)
        for lane in self._lanes:
            if not lane.cancelled():
                lane.exception()  # what it raised, `work` has raised for the first one
        self.unsettled += self._held.values()
        self._held.clear()
        self._lanes.clear()

    async def drop(self) -> None:
        """Cancel all handlers. The bus delivers the unsettled messages again by itself."""
        await self.finish(0)

    def _start(self, *, once: bool) -> _Lane:
        lane = asyncio.create_task(self._serve(once=once))
        self._lanes.add(lane)
        return lane

    async def _wait(self, lanes: list[_Lane], seconds: float | None) -> None:
        """Until one of them ends, `stopping` is set, or the seconds are over."""
        stop = asyncio.create_task(self.stopping.wait())
        try:
            await asyncio.wait({stop, *lanes}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()

    async def _serve(self, *, once: bool) -> Interruption | Delivery | None:
        """Take and process one message after the other until an interruption, whose message stays held; or only
        `once`."""
        lane = asyncio.current_task()
        while not self._finishing:
            delivery = await self.receiver.take()
            self._held[lane] = delivery
            verdict = await self.processor.process(self.receiver, delivery)
            if isinstance(verdict, Pause | Reconnect):
                return Interruption(verdict, delivery)
            del self._held[lane]
            self.settled += 1
            if once:
                return delivery
        return None
