"""Whether events may have been lost on the way to a subscription whose documents a resync can fill again."""

from __future__ import annotations

import asyncio

from shared.contracts.subscriptions import Subscription
from shared.faults import BusAway, Conflict, QueueMissing
from shared.ports.bus import Bus, QueueState

SETTLE = 2.0  # seconds in which what a consumer has taken from its queue is kept


class QueueLosses:
    """Remembers what was seen at the queue until that is recorded."""

    def __init__(self, bus: Bus, subscription: Subscription) -> None:
        self._bus = bus
        self._subscription = subscription
        self._unrecorded = ""

    async def look(self) -> QueueState | None:
        """The state of the queue, if the bus tells it."""
        try:
            state = await self._bus.state(self._subscription)
        except QueueMissing:
            self._unrecorded = "its queue does not exist"
            return None
        except BusAway:
            return None
        if state.full:
            self._unrecorded = "its queue is full"
        return state

    def found(self, state: QueueState | None, dropped: int) -> tuple[str, int | None]:
        """Why events may have been lost, empty if they were not; and the number of those dropped, if it has grown.
        state: of the last look; dropped: how many were known to be."""
        if state is not None and state.dropped is not None and state.dropped > dropped:
            return "its queue has dropped events", state.dropped
        if not self._unrecorded and state is not None and state.parked:
            return f"{state.parked} events are parked", None
        return self._unrecorded, None

    def recorded(self) -> None:
        """What was seen is stored."""
        self._unrecorded = ""


def depths(state: QueueState) -> str:
    """A line about a queue."""
    return f"{state.ready} events wait, {state.parked} are parked{'; its queue is full' if state.full else ''}"


async def require_all_taken(bus: Bus, subscription: Subscription) -> None:
    """Raise Conflict while events wait in the queue; wait until those that were taken from it are kept."""
    for seconds in (SETTLE, 0.0):
        if ready := (await bus.state(subscription)).ready:
            raise Conflict(f"{ready} events wait in {subscription.name}: repeat this when they have been taken")
        await asyncio.sleep(seconds)
