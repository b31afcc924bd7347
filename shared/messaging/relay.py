"""The relay: publishes a service's events from its outbox, and settles each only after the bus confirmed it.

The events of one document are published in order, those of different documents at once. The relay never counts attempts
and never drops an event: with the bus away it releases what it had claimed and waits. An event that the bus does not
take although it answers (no queue, a missing right, too large, no confirm) holds no other up: it stays in the outbox,
is tried again when its lease ends, and makes the service not ready. After a crash an event may be published twice,
which changes nothing. Several relays of one service share the work by leases.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog

from shared.backoff import Sleep, backoff
from shared.contracts.subscriptions import TAKEN
from shared.faults import BusAway, Refused, StoreAway, Unconfirmed, Unroutable
from shared.messaging.refusals import Refusals
from shared.observability.failpoints import Failpoint, reach
from shared.observability.metrics import PUBLISHED
from shared.observability.readiness import RUNNING, STARTING, STOPPED, Readiness
from shared.ports.bus import Bus
from shared.ports.store import Outbox, Owed
from shared.worker import Worker

AT_ONCE = 64  # documents
LEASE = timedelta(seconds=30)

_DocumentKey = tuple[str, str]  # kind and id

log = structlog.get_logger()


class Relay(Worker):
    """One per service and process. Every fault is waited out here and shown in `readiness`. `wake` means: the outbox
    has a new event."""

    def __init__(
        self,
        store: Outbox,
        bus: Bus,
        *,
        service: str = "",
        interval: float = 0.25,
        lease: timedelta = LEASE,
        at_once: int = AT_ONCE,
        mandatory: frozenset[str] = TAKEN,
        grace: float = 5.0,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """service: for logs and metrics; interval: seconds between two looks for events of other processes; lease: how
        long a claim on a document lasts, and how soon a refused event is tried again; at_once: documents whose
        events are published at once; mandatory: the event types for which a missing queue is a fault; grace: seconds
        that publishes in progress get at `stop`; sleep: of the waits while bus or store are away."""
        super().__init__("relay", sleep=sleep)
        self._store = store
        self._bus = bus
        self._service = service
        self._interval = interval
        self._lease = lease
        self._at_once = at_once
        self._mandatory = mandatory
        self._grace = grace
        self._publishing: dict[_DocumentKey, asyncio.Task[list[str]]] = {}
        self._next: dict[_DocumentKey, Owed] = {}  # claimed again while an older claim was being published
        self._bus_away: BusAway | None = None
        self._ping: asyncio.Task[None] | None = None
        self._refusals = Refusals(lease.total_seconds())
        self._store_waits = backoff()
        self._readiness = STARTING

    @property
    def readiness(self) -> Readiness:
        """Its state: `running`, `bus-away`, `store-away`, or with types and cure `unroutable`, `refused`,
        `unconfirmed` …"""
        if self._readiness is not RUNNING:
            return self._readiness
        return self._refusals.readiness or RUNNING

    def _begin(self) -> None:
        self._readiness = RUNNING
        self._store.on_owed(self.wake)

    async def _turn(self) -> None:
        """Claim and publish; wait only when there is nothing to claim, or no room."""
        if self._bus_away is not None:
            await self._wait_for_bus(self._bus_away)
            return
        try:
            claimed = await self._store.claim_owed(self._at_once - len(self._publishing), self._lease)
        except StoreAway as fault:
            await self._wait_for_store(fault.detail)
            return
        except Exception as error:
            log.exception("relay.failed", service=self._service)
            await self._wait_for_store(f"{type(error).__name__} in the relay; see the log")
            return
        self._readiness, self._store_waits = RUNNING, backoff()
        for owed in claimed:
            self._start(owed)
        if not claimed:
            await self._idle(self._interval)
        while len(self._publishing) > self._at_once // 2 and not self._stopping.is_set():
            await asyncio.wait(self._publishing.values(), timeout=1.0, return_when=asyncio.FIRST_COMPLETED)

    def _start(self, owed: Owed) -> None:
        """Publish the events of a document; while an older claim on it is being published, after that one: no event is
        in flight twice."""
        document = (owed.kind, owed.id)
        if document in self._publishing:
            self._next[document] = owed
            return
        task = asyncio.create_task(self._publish(owed), name=f"relay {owed.kind}/{owed.id}")
        self._publishing[document] = task
        task.add_done_callback(partial(self._published, document))

    def _published(self, document: _DocumentKey, publishing: asyncio.Task[list[str]]) -> None:
        del self._publishing[document]
        owed = self._next.pop(document, None)
        if owed is None or self._stopping.is_set():
            return
        settled = [] if publishing.cancelled() or publishing.exception() else publishing.result()
        self._start(replace(owed, events=tuple(event for event in owed.events if event.id not in settled)))

    async def _publish(self, owed: Owed) -> list[str]:
        """Publish in order, then settle; the ids of the events that were settled."""
        published: list[str] = []
        try:
            for event in owed.events:
                if not self._refusals.may_try(event.type):
                    break
                reach(Failpoint.RELAY_CLAIMED, event.id)
                await self._bus.publish(event.type, event.id, event.body, mandatory=event.type in self._mandatory)
                self._refusals.taken(event.type)
                published.append(event.id)
                PUBLISHED.labels(self._service, "confirmed").inc()
                reach(Failpoint.RELAY_PUBLISHED, event.id)
        except BusAway as fault:
            if isinstance(fault, Unconfirmed) and await self._bus_answers():
                self._note_refusal(owed.events[len(published)].type, fault)
            else:
                self._bus_away = self._bus_away or fault
                PUBLISHED.labels(self._service, "away").inc()
                return await self._settle(owed, published)  # also when nothing was published: that frees the lease
        except (Unroutable, Refused) as fault:
            self._note_refusal(owed.events[len(published)].type, fault)
        except Exception:
            PUBLISHED.labels(self._service, "failed").inc()
            log.exception("relay.publish_failed", service=self._service, document=f"{owed.kind}/{owed.id}")
        return await self._settle(owed, published) if published else []

    async def _settle(self, owed: Owed, published: list[str]) -> list[str]:
        """Remove the published events from the outbox; the ids of those that were removed."""
        try:
            await self._store.settle(owed, published)
        except StoreAway:
            return []  # they stay in the outbox and are published again when the lease ends
        except Exception:
            log.exception("relay.settle_failed", service=self._service, document=f"{owed.kind}/{owed.id}")
            return []
        for id in published:
            reach(Failpoint.RELAY_SETTLED, id)
        return published

    def _note_refusal(self, type: str, fault: Unroutable | Refused | Unconfirmed) -> None:
        PUBLISHED.labels(self._service, fault.slug).inc()
        if refusal := self._refusals.note(type, fault):
            log.error("relay.refused", service=self._service, state=refusal.state, why=refusal.why, cure=refusal.cure)

    async def _bus_answers(self) -> bool:
        """Ask the bus itself; documents that ask at the same time share one question."""
        if self._ping is None or self._ping.done():
            self._ping = asyncio.create_task(self._bus.ping(), name="relay ping")
        try:
            await asyncio.shield(self._ping)
        except BusAway:
            return False
        return True

    async def _wait_for_bus(self, fault: BusAway) -> None:
        log.warning("relay.bus_away", service=self._service, reason=fault.detail)
        self._readiness = Readiness(ready=False, state="bus-away", why=fault.detail)
        for wait in backoff(0.5):
            await self._back_off(wait)
            if self._stopping.is_set():
                return
            try:
                await self._bus.open()
                await self._bus.ping()
            except BusAway as still:
                self._readiness = Readiness(ready=False, state="bus-away", why=still.detail)
            else:
                log.info("relay.bus_back", service=self._service)
                self._bus_away, self._readiness = None, RUNNING
                return

    async def _wait_for_store(self, reason: str) -> None:
        if self._readiness.state != "store-away":
            log.warning("relay.store_away", service=self._service, reason=reason)
        self._readiness = Readiness(ready=False, state="store-away", why=reason)
        await self._back_off(next(self._store_waits))

    async def _finish(self) -> None:
        if self._publishing:
            await asyncio.wait(self._publishing.values(), timeout=self._grace)
        left = [*self._publishing.values(), *([self._ping] if self._ping is not None else [])]
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)
        self._readiness = STOPPED
