"""Keeps the mark true to the queue, and knows how fresh the read model is."""

from __future__ import annotations

from contextlib import suppress

import structlog

from services.portal.model.metrics import AGE, BUILDING
from services.portal.model.upkeep.mark import Mark, Marks
from services.portal.model.views.freshness import Freshness
from shared.clock import Clock
from shared.contracts.subscriptions import Subscription
from shared.faults import StoreAway
from shared.messaging.queue_losses import QueueLosses
from shared.ports.bus import Bus, QueueState

EVERY = 5.0  # seconds
CURE = "satu resync … --wait of notifications, scoring and registry, then satu portal complete"

log = structlog.get_logger("portal")


class Upkeep:
    """Run again and again in every process."""

    def __init__(self, marks: Marks, bus: Bus, subscription: Subscription) -> None:
        self._marks = marks
        self._losses = QueueLosses(bus, subscription)
        self._freshness = Freshness(building=True, as_of=None)

    @property
    def freshness(self) -> Freshness:
        """As of the last look."""
        return self._freshness

    async def look(self) -> None:
        """To be awaited before messages are taken from the queue: one that has dropped is full until then. What cannot
        be recorded now is recorded by `run`."""
        with suppress(StoreAway):
            await self.run()

    async def wanted(self) -> str:
        """The generation, if subjects may be missing. Raises StoreAway."""
        mark = await self._marks.load()
        return "" if mark.complete or mark.emptying else mark.generation

    async def filled(self) -> bool:
        """The last events of all owners have been handled: the read model is complete, unless some were lost on the
        way. Returns whether it is. Raises StoreAway."""
        state = await self._losses.look()
        why, dropped = self._losses.found(state, (await self._marks.load()).dropped)
        mark = await (self._marks.lose(dropped) if why else self._marks.fill())
        if why:
            log.error("portal.incomplete", why=why, cure=CURE)
        self._losses.recorded()
        self._note(mark, state)
        return mark.complete

    async def run(self) -> None:
        """Look at the queue, and record what may have been lost. Raises StoreAway; what was seen is recorded when the
        store is back."""
        state = await self._losses.look()
        mark = await self._marks.load()
        why, dropped = self._losses.found(state, mark.dropped)
        if why and (mark.complete or dropped is not None):
            log.error("portal.incomplete", why=why, cure=CURE)
            mark = await self._marks.lose(dropped)
        self._losses.recorded()
        self._note(mark, state)

    def _note(self, mark: Mark, state: QueueState | None) -> None:
        """Fresh is who finds nothing waiting."""
        caught_up = state is not None and not state.ready and not state.held
        as_of = Clock.machine() if caught_up else self._freshness.as_of
        self._freshness = Freshness(building=not mark.complete, as_of=as_of)
        BUILDING.set(0 if mark.complete else 1)
        if as_of is not None:
            AGE.set((Clock.machine() - as_of).total_seconds())
