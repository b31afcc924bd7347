"""Measures how long events wait to be processed: for Prometheus, and to slow down what users submit.

A change is accepted as soon as it is durable. While events wait for more than a minute and more are accepted than
taken, another submission would only make the lag longer: POST is then answered with Busy, while reads and corrections
go on. A lag that gets shorter by itself, as after an outage or a start, is no reason to refuse anything.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request

from shared.clock import Clock, machine_seconds
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
from shared.runtime.backlog import Backlog
from shared.worker import Worker

MOST_SECONDS = 60.0
MEASURE_EVERY = 5.0  # seconds


class Lag(Worker):
    """The lag of one service, measured every few seconds. What rests on a rung, or is held by a consumer, does not
    wait. A lag that cannot be measured counts as none: with the broker away, events wait in the outbox, as they should.

    seconds: how long the oldest ready message has waited in a backlog that grows; 0 when none grows.
    """

    def __init__(
        self,
        service: str,
        store: Outbox,
        bus: Bus,
        relay_works: Callable[[], bool] = lambda: True,
        *,
        most: float = MOST_SECONDS,
    ) -> None:
        """relay_works: whether the relay can publish every event; most: seconds of lag up to which POST is accepted.
        The attribute `outbox_seconds` is the age of the oldest event that is still to be published."""
        super().__init__("lag")
        self.seconds = 0.0
        self.outbox_seconds = 0.0
        self._relay_works = relay_works
        self._service = service
        self._store = store
        self._bus = bus
        self._most = most
        # A broker lets a service see its own queues only, and does not know the age of a message.
        self._consumers = subscriptions_to(service) if isinstance(bus, SelfProvisioning) else ()
        self._own = tuple(each for each in SUBSCRIPTIONS if each.service == service)
        self._began = machine_seconds()
        self._queues = {each.name: Backlog() for each in self._consumers}
        self._outbox = Backlog()

    async def intake(self, request: Request) -> None:
        """Called before every change. Raises Busy for a POST while the lag is too long."""
        if request.method == "POST" and self.seconds > self._most:
            raise Busy(
                f"Sistem sedang mengejar {int(self.seconds)} detik pekerjaan yang tertunda; coba lagi sebentar lagi."
            )

    async def _turn(self) -> None:
        await self.measure()
        await self._idle(MEASURE_EVERY)

    async def measure(self) -> None:
        """Measure once, into the attributes and the gauges."""
        owed = await measure_outbox(self._service, self._store)
        for subscription in self._own:
            await measure_queue(subscription, self._bus)
        self.seconds = 0.0 if owed is None else await self._lag(*owed)

    async def _lag(self, oldest: datetime | None, depth: int) -> float:
        """oldest, depth: of the outbox."""
        self.outbox_seconds = _age(oldest)
        lags = [0.0]
        if self._outbox.grows(depth) and self._relay_works():
            lags.append(self._waited(oldest))
        try:
            for each in self._consumers:
                state = await self._bus.state(each)
                if self._queues[each.name].grows(state.ready):
                    lags.append(self._waited(state.oldest))
        except (BusAway, QueueMissing):
            return 0.0
        return max(lags)

    def _waited(self, since: datetime | None) -> float:
        """Seconds since the later of that moment and the start of this process, before which nobody could take it."""
        return min(_age(since), machine_seconds() - self._began)


def subscriptions_to(service: str) -> tuple[Subscription, ...]:
    """The subscriptions that take events of this service, and that its users may be slowed down for: not those that can
    be rebuilt."""
    return tuple(each for each in SUBSCRIPTIONS if each.types & types_from(service) and not each.rebuilt)


def _age(moment: datetime | None) -> float:
    return 0.0 if moment is None else max(0.0, (Clock.machine() - moment).total_seconds())


async def measure_outbox(service: str, store: Outbox) -> tuple[datetime | None, int] | None:
    """Read the outbox of a service into its gauges: since when its oldest event is owed, and how many documents owe
    one. NaN, and None, when the store is away."""
    try:
        depth = await store.owed_depth()
        oldest = await store.oldest_owed() if depth else None  # a store may ask each kind for it
    except StoreAway:
        OUTBOX_OLDEST_SECONDS.labels(service).set(float("nan"))
        OUTBOX_DOCUMENTS.labels(service).set(float("nan"))
        return None
    OUTBOX_OLDEST_SECONDS.labels(service).set(_age(oldest))
    OUTBOX_DOCUMENTS.labels(service).set(depth)
    return oldest, depth


async def measure_queue(subscription: Subscription, bus: Bus) -> None:
    """Read the state of a queue into its gauges; NaN when the bus is away or the queue is missing."""
    ready = parked = oldest = float("nan")
    try:
        state = await bus.state(subscription)
    except (BusAway, QueueMissing):
        pass
    else:
        ready, parked = float(state.ready), float(state.parked)
        if state.oldest is not None:
            oldest = _age(state.oldest)
        elif state.ready == 0:
            oldest = 0.0
    QUEUE_READY.labels(subscription.name).set(ready)
    QUEUE_PARKED.labels(subscription.name).set(parked)
    QUEUE_OLDEST_SECONDS.labels(subscription.name).set(oldest)
