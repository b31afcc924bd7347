"""How far the world lags behind what this process accepts: the numbers for Prometheus, and back-pressure.

A change is accepted as soon as it is durable. When what was accepted more than a minute ago has still not been taken by
its consumers, more would only make the lag longer: creating and submitting is then answered with Busy, and reads and
corrections go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request

from shared.clock import Clock
from shared.contracts.event_types import types_from
from shared.contracts.subscriptions import SUBSCRIPTIONS, Subscription
from shared.faults import BusAway, Busy, QueueMissing, StoreAway
from shared.observability.metrics import (
    OUTBOX_DOCUMENTS,
    OUTBOX_OLDEST_SECONDS,
    QUEUE_OLDEST_SECONDS,
    QUEUE_PARKED,
    QUEUE_READY,
)
from shared.ports.bus import Bus, SelfProvisioning
from shared.ports.store import Outbox

MOST_SECONDS = 60.0
LOOK_EVERY = 5.0  # seconds


class Lag:
    """The lag of one service. Measured every few seconds; unknown counts as none: with the broker away, what is
    accepted waits in the outbox, which is what an outbox is for."""

    def __init__(
        self,
        service: str,
        store: Outbox,
        bus: Bus,
        carrying: Callable[[], bool] = lambda: True,
        *,
        most: float = MOST_SECONDS,
    ) -> None:
        """carrying: whether the relay can do its work; most: seconds. outbox_seconds: for how long the longest-owing
        document has owed."""
        self.seconds = 0.0
        self.outbox_seconds = 0.0
        self._carrying = carrying
        self._service = service
        self._store = store
        self._bus = bus
        self._most = most
        # A broker lets a service see no queue but its own, and cannot tell the age of a message.
        self._heard_by = hearers(service) if isinstance(bus, SelfProvisioning) else ()
        self._own = tuple(each for each in SUBSCRIPTIONS if each.service == service)

    async def intake(self, request: Request) -> None:
        """Asked before every change. Raises Busy for a POST while the lag is too long."""
        if request.method == "POST" and self.seconds > self._most:
            raise Busy(
                f"Sistem sedang mengejar {int(self.seconds)} detik pekerjaan yang tertunda; coba lagi sebentar lagi."
            )

    async def watch(self) -> None:
        """Measure until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Measure once."""
        await look_at_outbox(self._service, self._store)
        for subscription in self._own:
            await look_at_queue(subscription, self._bus)
        self.seconds = await self._measure()

    async def _measure(self) -> float:
        try:
            owed = await self._store.oldest_owed()
            self.outbox_seconds = _age(owed)
            queues = [(await self._bus.state(each)).oldest for each in self._heard_by]
        except (BusAway, QueueMissing, StoreAway):
            return 0.0
        return max(_age(moment) for moment in (*queues, owed)) if self._carrying() else 0.0


def hearers(service: str) -> tuple[Subscription, ...]:
    """The subscriptions that hear what a service says."""
    return tuple(each for each in SUBSCRIPTIONS if each.types & types_from(service))


def _age(moment: datetime | None) -> float:
    return 0.0 if moment is None else max(0.0, (Clock.machine() - moment).total_seconds())


async def look_at_outbox(service: str, store: Outbox) -> None:
    """Read the outbox of a service into its gauges; NaN when the store is away."""
    try:
        oldest, depth = await store.oldest_owed(), float(await store.owed_depth())
    except StoreAway:
        OUTBOX_OLDEST_SECONDS.labels(service).set(float("nan"))
        OUTBOX_DOCUMENTS.labels(service).set(float("nan"))
        return
    age = 0.0 if oldest is None else max(0.0, (Clock.machine() - oldest).total_seconds())
    OUTBOX_OLDEST_SECONDS.labels(service).set(age)
    OUTBOX_DOCUMENTS.labels(service).set(depth)


async def look_at_queue(subscription: Subscription, bus: Bus) -> None:
    """Read the state of a queue into its gauges; NaN when the bus is away or the queue is missing."""
    ready = parked = oldest = float("nan")
    try:
        state = await bus.state(subscription)
    except (BusAway, QueueMissing):
        pass
    else:
        ready, parked = float(state.ready), float(state.parked)
        if state.oldest is not None:
            oldest = max(0.0, (Clock.machine() - state.oldest).total_seconds())
        elif state.ready == 0:
            oldest = 0.0
    QUEUE_READY.labels(subscription.name).set(ready)
    QUEUE_PARKED.labels(subscription.name).set(parked)
    QUEUE_OLDEST_SECONDS.labels(subscription.name).set(oldest)
