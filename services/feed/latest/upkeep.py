"""Keeps the flag `complete` true to the queue, and the mark above all places of a writer that has ended."""

from __future__ import annotations

from contextlib import suppress

import structlog

from services.feed.kinds import LATEST
from services.feed.latest.mark import Mark, Marks
from services.feed.metrics import INCOMPLETE, SUBJECTS
from shared.clock import machine_seconds
from shared.contracts.subscriptions import Subscription
from shared.faults import StoreAway
from shared.messaging.queue_losses import QueueLosses
from shared.ports.bus import Bus
from shared.ports.store import Documents, Range

EVERY = 15.0  # seconds
COUNT_EVERY = 300.0  # seconds between two counts of the subjects, which read all of their ids
CURE = "satu resync … --wait of feed, notifications, scoring and registry, then satu feed complete"

log = structlog.get_logger("feed")


class Upkeep:
    """Run again and again in every process."""

    def __init__(self, store: Documents, marks: Marks, bus: Bus, subscription: Subscription) -> None:
        self._store = store
        self._marks = marks
        self._losses = QueueLosses(bus, subscription)
        self._before: tuple[int, int] | None = None
        self._count_at = 0.0

    async def start(self) -> None:
        """Let readers read all that a former process has kept. Raises StoreAway."""
        await self._marks.begin_term()

    async def look(self) -> None:
        """To be awaited before messages are taken from the queue: one that has dropped is full until then. What cannot
        be recorded now is recorded by `run`."""
        with suppress(StoreAway):
            await self._record()

    async def wanted(self) -> str:
        """The generation, if subjects may be missing. Raises StoreAway."""
        mark = await self._marks.load()
        return "" if mark.complete else mark.generation

    async def filled(self) -> bool:
        """The last events of all owners have been placed: the feed is complete, unless some were lost on the way.
        Returns whether it is. Raises StoreAway."""
        state = await self._losses.look()
        why, dropped = self._losses.found(state, (await self._marks.load()).dropped)
        if why:
            log.error("feed.incomplete", why=why, cure=CURE)
            await self._marks.lose(dropped)
        else:
            await self._marks.fill()
            INCOMPLETE.set(0)
        self._losses.recorded()
        return not why

    async def run(self) -> None:
        """Raises StoreAway."""
        mark = await self._record()
        await self._cover(mark.mark)
        await self._count(mark.begin)

    async def _record(self) -> Mark:
        """Look at the queue, and record what may have been lost. Raises StoreAway; what was seen is recorded when the
        store is back."""
        state = await self._losses.look()
        mark = await self._marks.load()
        why, dropped = self._losses.found(state, mark.dropped)
        if why and (mark.complete or dropped is not None):
            log.error("feed.incomplete", why=why, cure=CURE)
            mark = await self._marks.lose(dropped)
        self._losses.recorded()
        INCOMPLETE.set(0 if mark.complete else 1)
        return mark

    async def _count(self, begin: int) -> None:
        if machine_seconds() < self._count_at:
            return
        count = 0
        async for _ in self._store.scan(LATEST.name, {"place": Range(least=begin + 1)}, ()):
            count += 1
        SUBJECTS.set(count)
        self._count_at = machine_seconds() + COUNT_EVERY

    async def _cover(self, mark: int) -> None:
        """A writer that has died before it stored the mark leaves events above it: unless another one moves the mark,
        the next term covers them."""
        page = await self._store.find(LATEST.name, {}, sort=[("place", -1)], limit=1)
        now = (mark, page.documents[0].state["place"] if page.documents else 0)
        if now == self._before and now[1] > now[0]:
            await self._marks.begin_term()
        self._before = now
