"""The in-flight messages of one consumer: taken, not yet settled; at most `width` at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from math import isinf

from shared.messaging.processing import Processor
from shared.messaging.verdict import Pause, Reconnect, Verdict
from shared.ports.bus import Delivery, Receiver


@dataclass(frozen=True)
class Interruption:
    """A verdict that interrupts the consumer, and the message that led to it, which is not settled."""

    verdict: Pause | Reconnect
    delivery: Delivery


@dataclass
class InFlight:
    """Takes messages from `receiver` and processes them. unsettled: the messages that `finish` left unsettled; settled:
    how many were settled before."""

    receiver: Receiver
    processor: Processor
    width: int
    stopping: asyncio.Event
    unsettled: list[Delivery] = field(default_factory=list)
    settled: int = 0
    _processing: dict[asyncio.Task[Verdict], Delivery] = field(default_factory=dict)
    _taking: asyncio.Task[Delivery] | None = None

    async def work(self) -> Interruption | None:
        """Take and process messages until `stopping` is set (None) or an interruption. Raises BusAway, QueueMissing."""
        stop = asyncio.create_task(self.stopping.wait())
        try:
            while not stop.done():
                await asyncio.wait({stop, *self._awaited()}, return_when=asyncio.FIRST_COMPLETED)
                interruption = self._collect()
                if interruption is not None:
                    return interruption
        finally:
            stop.cancel()
        return None

    async def work_one(self, wait: float) -> Delivery | Interruption | None:
        """Take one message and process it: that message, or the interruption; None when `stopping` is set, or when no
        message came for `wait` seconds (may be infinite). Raises BusAway, QueueMissing."""
        stop = asyncio.create_task(self.stopping.wait())
        try:
            self._taking = self._taking or asyncio.create_task(self.receiver.take())
            await asyncio.wait(
                {stop, self._taking}, timeout=None if isinf(wait) else wait, return_when=asyncio.FIRST_COMPLETED
            )
            if not self._taking.done():
                return None
            delivery, self._taking = self._taking.result(), None
            processing = self._process(delivery)
            await asyncio.wait({stop, processing}, return_when=asyncio.FIRST_COMPLETED)
            return (self._collect() or delivery) if processing.done() else None
        finally:
            stop.cancel()

    async def finish(self, grace: float) -> None:
        """Take no more; let handlers run for `grace` seconds, then cancel them. Fills `unsettled`."""
        await self._take_no_more()
        if self._processing:
            await asyncio.wait(self._processing, timeout=grace)
        for task in self._processing:
            task.cancel()
        if self._processing:
            await asyncio.wait(self._processing)
        for task, delivery in self._processing.items():
            if task.cancelled() or task.exception() is not None or isinstance(task.result(), Pause | Reconnect):
                self.unsettled.append(delivery)
        self._processing.clear()

    async def drop(self) -> None:
        """Cancel all handlers. The bus delivers the unsettled messages again by itself."""
        await self.finish(0)

    def _awaited(self) -> set[asyncio.Task[Verdict] | asyncio.Task[Delivery]]:
        if self._taking is None and len(self._processing) < self.width:
            self._taking = asyncio.create_task(self.receiver.take())
        return {*self._processing, *([self._taking] if self._taking is not None else [])}

    def _collect(self) -> Interruption | None:
        """Remove the tasks that are done; the first interruption among them. A fault of the bus is raised."""
        for task in [each for each in self._processing if each.done()]:
            verdict = task.result()
            if isinstance(verdict, Pause | Reconnect):
                return Interruption(verdict, self._processing[task])
            del self._processing[task]
            self.settled += 1
        if self._taking is not None and self._taking.done():
            taking, self._taking = self._taking, None
            self._process(taking.result())
        return None

    def _process(self, delivery: Delivery) -> asyncio.Task[Verdict]:
        task = asyncio.create_task(self.processor.process(self.receiver, delivery))
        self._processing[task] = delivery
        return task

    async def _take_no_more(self) -> None:
        if self._taking is None:
            return
        self._taking.cancel()
        await asyncio.wait([self._taking])
        if not self._taking.cancelled() and self._taking.exception() is None:
            self.unsettled.append(self._taking.result())
        self._taking = None
