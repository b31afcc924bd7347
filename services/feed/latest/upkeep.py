"""Keeps the flag `complete` true to the queue, and the mark above all places of a writer that has ended."""

from __future__ import annotations

import structlog

from services.feed.kinds import LATEST
from services.feed.latest.mark import Mark, Marks
from services.feed.metrics import INCOMPLETE
from shared.contracts.subscriptions import Subscription
from shared.faults import BusAway, QueueMissing
from shared.ports.bus import Bus
from shared.ports.store import Documents

EVERY = 15.0  # seconds
CURE = "satu resync of registry, scoring, notifications and feed, then satu feed complete"

log = structlog.get_logger("feed")


class Upkeep:
    """Run again and again in every process."""

    def __init__(self, store: Documents, marks: Marks, bus: Bus, subscription: Subscription) -> None:
        self._store = store
        self._marks = marks
        self._bus = bus
        self._subscription = subscription
        self._before: tuple[int, int] | None = None

    async def start(self) -> None:
        """Let readers read all that a former process has kept. Raises StoreAway."""
        await self._marks.begin_term()

    async def run(self) -> None:
        """Raises StoreAway."""
        mark = await self._marks.load()
        why, dropped = await self._loss(mark)
        if why and (mark.complete or dropped is not None):
            log.error("feed.incomplete", why=why, cure=CURE)
            mark = await self._marks.lose(dropped)
        INCOMPLETE.set(0 if mark.complete else 1)
        await self._cover(mark.mark)

    async def _loss(self, mark: Mark) -> tuple[str, int | None]:
        """Why events may have been lost on the way, empty if they were not; and the number of those dropped, if it has
        grown."""
        try:
            state = await self._bus.state(self._subscription)
        except QueueMissing:
            return "its queue does not exist", None
        except BusAway:
            return "", None
        if state.dropped is not None and state.dropped > mark.dropped:
            return "its queue has dropped events", state.dropped
        if state.full:
            return "its queue is full", None
        return (f"{state.parked} events are parked" if state.parked else ""), None

    async def _cover(self, mark: int) -> None:
        """A writer that has died before it stored the mark leaves events above it: unless another one moves the mark,
        the next term covers them."""
        page = await self._store.find(LATEST.name, {}, sort=[("place", -1)], limit=1)
        now = (mark, page.documents[0].state["place"] if page.documents else 0)
        if now == self._before and now[1] > now[0]:
            await self._marks.begin_term()
        self._before = now
