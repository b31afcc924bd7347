"""The relay: publishes a service's events from its outbox, and settles each only after the bus confirmed it.

The events of one document are published in order, those of different documents at once, in a few batches. What this
process writes, a store may hand over in memory, leased; the rest is claimed. The relay never counts attempts and never
drops an event: with the bus away it releases what it had leased and waits. An event that the bus does not take although
it answers (no queue, a missing right, too large, no confirm) holds no other type up: it stays in the outbox, is tried
again when its lease ends, and makes the service not ready. Audit entries are owed like events and filed in the store
(`audit_filing.py`), also while the bus is away. After a crash an event may be published twice, which changes
nothing. Several relays of one service share the work by leases.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import structlog

from shared.backoff import Sleep, backoff
from shared.clock import machine_seconds
from shared.contracts.subscriptions import TAKEN
from shared.faults import BusAway, StoreAway
from shared.messaging.audit_filing import AuditFiling
from shared.messaging.owed_publisher import OwedPublisher
from shared.messaging.refusals import Refusals
from shared.observability.readiness import RUNNING, STARTING, STOPPED, Readiness
from shared.ports.bus import Bus
from shared.ports.store import AUDIT, Outbox, Owed
from shared.worker import Worker

AT_ONCE = 256  # documents
LEASE = timedelta(seconds=30)

_BATCHES = 4  # published at once
_BATCHES_OF_TYPE = 2  # of them; what comes meanwhile goes together in the next one
_MOST_WAITING = 1000  # documents; beyond, this process's writes are claimed like those of others
_OTHERS_EVERY = 1.0  # seconds between two looks for events of other processes, where a store hands over its own

_DocumentKey = tuple[str, str]  # kind and id
_Batch = asyncio.Task[tuple[frozenset[str], BusAway | None]]

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
        filing: AuditFiling | None = None,
    ) -> None:
        """service: for logs and metrics; interval: seconds between two looks for owed events, if the store does not
        hand over those of this process; lease: how long a claim on a document lasts, and how soon a refused event is
        tried again; at_once: documents whose events are published at once; mandatory: the event types for which a
        missing queue is a fault; grace: seconds that publishes in progress get at `stop`; sleep: of the waits while bus
        or store are away; filing: moves audit entries, which rest in the outbox without it."""
        super().__init__("relay", sleep=sleep)
        self._store = store
        self._bus = bus
        self._service = service
        self._interval = interval
        self._lease = lease
        self._at_once = at_once
        self._batch = max(1, at_once // _BATCHES_OF_TYPE)
        self._grace = grace
        self._waiting: dict[_DocumentKey, Owed] = {}  # leased, and not being published
        self._publishing: dict[_Batch, tuple[str, list[_DocumentKey]]] = {}
        self._busy: set[_DocumentKey] = set()  # the documents of `_publishing`
        self._to_look = True  # whether the store may have something to claim
        self._next_look = 0.0  # machine seconds
        self._handed_over = False  # whether the store hands over what this process writes
        self._bus_away: BusAway | None = None
        self._refusals = Refusals(lease.total_seconds())
        self._filing = filing
        self._publisher = OwedPublisher(store, bus, self._refusals, service=service, mandatory=mandatory, filing=filing)
        self._store_waits = backoff()
        self._readiness = STARTING

    @property
    def readiness(self) -> Readiness:
        """Its state: `running`, `bus-away`, `store-away`, or with types and cure `unroutable`, `refused`,
        `unconfirmed` …"""
        if self._readiness is not RUNNING:
            return self._readiness
        return self._refusals.readiness or RUNNING

    def wake(self) -> None:
        """See `Worker`. The store may have something to claim."""
        self._to_look = True
        super().wake()

    def _begin(self) -> None:
        self._readiness = RUNNING
        self._store.on_owed(self.wake)
        self._take_over()

    async def _turn(self) -> None:
        """Claim and publish; wait only when there is nothing to claim, or no room."""
        if self._bus_away is not None:
            await self._wait_for_bus(self._bus_away)
            return
        self._start_batches()
        room = min(self._batch, self._at_once - len(self._busy) - len(self._waiting))
        free = room > 0 and len(self._publishing) < _BATCHES
        if free and (self._to_look or machine_seconds() >= self._next_look):
            await self._claim(room)
        else:
            await self._idle(max(0.0, self._next_look - machine_seconds()) if free else self._interval)

    async def _claim(self, most: int) -> None:
        self._to_look = False
        try:
            claimed = await self._store.claim_owed(most, self._lease)
        except StoreAway as fault:
            await self._wait_for_store(fault.detail)
            return
        except Exception as error:
            log.exception("relay.failed", service=self._service)
            await self._wait_for_store(f"{type(error).__name__} in the relay; see the log")
            return
        self._readiness, self._store_waits = RUNNING, backoff()
        for owed in claimed:
            self._add(owed)
        if claimed:
            self._to_look = True
        else:
            self._take_over()
            self._next_look = machine_seconds() + (_OTHERS_EVERY if self._handed_over else self._interval)

    # --- What this process writes ---

    def _take_over(self) -> None:
        """Let the store hand over what this process writes."""
        if not self._handed_over:
            self._handed_over = self._store.hand_over(self._take, self._lease)

    def _take(self, owed: Owed) -> None:
        self._add(owed)
        if self._has_place(_type_of(owed)):  # else the end of a batch wakes it
            self._woken.set()
        if len(self._waiting) > _MOST_WAITING:
            self._take_no_more()

    def _take_no_more(self) -> None:
        if self._handed_over:
            self._store.hand_over(None, self._lease)
            self._handed_over = False
        self._to_look = True

    def _add(self, owed: Owed) -> None:
        """Publish the events of a document as soon as there is room and no older lease of it is being published: no
        event is in flight twice."""
        document = (owed.kind, owed.id)
        before = self._waiting.get(document)
        if before is not None:
            events = {event.id: event for event in (*before.events, *owed.events)}
            owed = replace(owed, events=tuple(events[id] for id in sorted(events)))
        self._waiting[document] = owed

    # --- Batches ---

    def _start_batches(self) -> None:
        while len(self._publishing) < _BATCHES and (documents := self._next_batch()):
            batch = [self._waiting.pop(document) for document in documents]
            publishing = asyncio.create_task(self._publisher.publish(batch), name=f"relay {len(batch)}")
            self._publishing[publishing] = _type_of(batch[0]), documents
            self._busy.update(documents)
            publishing.add_done_callback(self._published)

    def _next_batch(self) -> list[_DocumentKey]:
        """The documents that have waited longest and whose next event is of one type, so that a type that is not
        confirmed holds up itself only."""
        documents: list[_DocumentKey] = []
        wanted: str | None = None
        for document, owed in self._waiting.items():
            type = _type_of(owed)
            if wanted not in (None, type) or document in self._busy or not self._has_place(type):
                continue
            wanted = type
            documents.append(document)
            if len(documents) == self._batch:
                break
        return documents

    def _has_place(self, type: str) -> bool:
        """Whether another batch of this type may begin."""
        return sum(type == each for each, _ in self._publishing.values()) < _BATCHES_OF_TYPE

    def _published(self, publishing: _Batch) -> None:
        _, documents = self._publishing.pop(publishing)
        self._busy.difference_update(documents)
        self._woken.set()
        if publishing.cancelled():
            return
        settled, away = publishing.result()
        self._bus_away = self._bus_away or away
        for document in documents:
            if owed := self._waiting.get(document):  # leased again meanwhile, perhaps with events that are settled now
                left = tuple(event for event in owed.events if event.id not in settled)
                self._waiting[document] = replace(owed, events=left)

    # --- Waits ---

    async def _wait_for_bus(self, fault: BusAway) -> None:
        log.warning("relay.bus_away", service=self._service, reason=fault.detail)
        self._readiness = Readiness(ready=False, state="bus-away", why=fault.detail)
        for wait in backoff(0.5):
            await self._release()
            if self._filing is not None:
                with suppress(StoreAway):
                    await self._filing.file_all(self._lease)
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
        self._to_look = True
        if self._readiness.state != "store-away":
            log.warning("relay.store_away", service=self._service, reason=reason)
        self._readiness = Readiness(ready=False, state="store-away", why=reason)
        await self._back_off(next(self._store_waits))

    async def _release(self) -> None:
        """Release the leases of what waits, so that whoever publishes next need not wait for their end."""
        self._take_no_more()
        waiting, self._waiting = list(self._waiting.values()), {}
        if waiting:
            with suppress(StoreAway):
                await self._store.settle_many([(owed, ()) for owed in waiting])

    async def _finish(self) -> None:
        self._take_no_more()
        if self._publishing:
            await asyncio.wait(self._publishing, timeout=self._grace)
        left = list(self._publishing)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)
        await self._publisher.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._grace):
                await self._release()
        self._readiness = STOPPED


def _type_of(owed: Owed) -> str:
    """The type of the next event that goes to the bus, else of an audit entry; empty if there is neither."""
    return next((each.type for each in owed.events if each.type != AUDIT), AUDIT if owed.events else "")
