"""The relay: carries owed events from a service's store to the bus, and strikes them off only after the confirm.

The events of one document go in order, those of different documents at once. It never counts attempts and never drops:
with the bus away it frees what it had claimed and waits; an event that no queue takes stays owed, is tried again when
its lease runs out, and makes the service not ready. A crash anywhere in between sends an event again, which changes
nothing. Several relays of one service share the work by leases.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog

from shared.backoff import Sleep, backoff, rest
from shared.clock import machine_seconds
from shared.contracts.subscriptions import TAKEN
from shared.faults import BusAway, StoreAway, Unroutable
from shared.observability.failpoints import Failpoint, reach
from shared.observability.metrics import PUBLISHED
from shared.observability.readiness import RUNNING, STARTING, STOPPED, Readiness
from shared.ports.bus import Bus
from shared.ports.store import Outbox, Owed

AT_ONCE = 64  # documents
LEASE = timedelta(seconds=30)

_Of = tuple[str, str]  # kind and id of a document

log = structlog.get_logger()


class Relay:
    """One per service and process. `run` until `stop`; both once."""

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
        """service: for logs and metrics; interval: seconds between two looks for what other processes owe; lease: how
        long a claimed document is ours, also how slowly what is unroutable is tried again; at_once: documents carried
        at once; mandatory: the types for which a missing queue is a fault; grace: seconds that publishes under way get
        at `stop`; sleep: of the waits while the world is away."""
        self._store = store
        self._bus = bus
        self._service = service
        self._interval = interval
        self._lease = lease
        self._at_once = at_once
        self._mandatory = mandatory
        self._grace = grace
        self._sleep = sleep
        self._nudged = asyncio.Event()
        self._stopping = asyncio.Event()
        self._stopped = asyncio.Event()
        self._carrying: dict[_Of, asyncio.Task[list[str]]] = {}
        self._next: dict[_Of, Owed] = {}  # claimed again while an older claim was being carried
        self._bus_away: BusAway | None = None
        self._unroutable: dict[str, float] = {}  # type -> machine seconds when it was last refused
        self._store_waits = backoff()
        self._readiness = STARTING

    @property
    def readiness(self) -> Readiness:
        """How it stands: `running`, `bus-away`, `store-away`, `unroutable` (with the cure) …"""
        lately = machine_seconds() - 3 * self._lease.total_seconds()  # else another relay has carried it meanwhile
        types = ", ".join(sorted(type for type, at in self._unroutable.items() if at > lately))
        if self._readiness is not RUNNING or not types:
            return self._readiness
        return Readiness(ready=False, state="unroutable", why=f"no queue takes {types}; the cure: satu topology apply")

    def nudge(self) -> None:
        """Something is owed: look now."""
        self._nudged.set()

    async def stop(self) -> None:
        """Claim no more, let publishes under way end (at most `grace` seconds). Returns when that is done."""
        self._stopping.set()
        self._nudged.set()
        if self._readiness is not STARTING:
            await self._stopped.wait()

    async def run(self) -> None:
        """Work until `stop`. Trouble of any kind is waited out here, and shown in `readiness`."""
        if self._stopping.is_set():
            return
        self._readiness = RUNNING
        self._store.on_owed(self.nudge)
        try:
            while not self._stopping.is_set():
                await self._once()
        finally:
            await self._finish()
            self._readiness = STOPPED
            self._stopped.set()

    async def _once(self) -> None:
        """Claim and carry; wait only when there is nothing to claim, or no room."""
        if self._bus_away is not None:
            await self._wait_for_bus(self._bus_away)
            return
        self._nudged.clear()
        try:
            claimed = await self._store.claim_owed(self._at_once - len(self._carrying), self._lease)
        except StoreAway as fault:
            await self._wait_for_store(fault.detail)
            return
        except Exception as error:
            log.exception("relay.failed", service=self._service)
            await self._wait_for_store(f"{type(error).__name__} in the relay; see the log")
            return
        self._readiness, self._store_waits = RUNNING, backoff()
        for owed in claimed:
            self._begin(owed)
        if not claimed:
            await self._idle()
        while len(self._carrying) > self._at_once // 2 and not self._stopping.is_set():
            await asyncio.wait(self._carrying.values(), timeout=1.0, return_when=asyncio.FIRST_COMPLETED)

    def _begin(self, owed: Owed) -> None:
        """Carry it; when an older claim of it is still under way, after that one: the same event is never twice in
        flight."""
        document = (owed.kind, owed.id)
        if document in self._carrying:
            self._next[document] = owed
            return
        task = asyncio.create_task(self._carry(owed), name=f"relay {owed.kind}/{owed.id}")
        self._carrying[document] = task
        task.add_done_callback(partial(self._ended, document))

    def _ended(self, document: _Of, carrying: asyncio.Task[list[str]]) -> None:
        del self._carrying[document]
        owed = self._next.pop(document, None)
        if owed is None or self._stopping.is_set():
            return
        struck_off = [] if carrying.cancelled() or carrying.exception() else carrying.result()
        self._begin(replace(owed, events=tuple(event for event in owed.events if event.id not in struck_off)))

    async def _carry(self, owed: Owed) -> list[str]:
        """The ids of the events that were published and struck off."""
        published: list[str] = []
        try:
            for event in owed.events:
                reach(Failpoint.RELAY_CLAIMED, event.id)
                await self._bus.publish(event.type, event.id, event.body, mandatory=event.type in self._mandatory)
                self._unroutable.pop(event.type, None)
                published.append(event.id)
                PUBLISHED.labels(self._service, "confirmed").inc()
                reach(Failpoint.RELAY_PUBLISHED, event.id)
        except BusAway as fault:
            self._bus_away = self._bus_away or fault
            PUBLISHED.labels(self._service, "away").inc()
            return await self._settle(owed, published)  # also when nothing went out: that frees the lease
        except Unroutable:
            self._tell_unroutable(owed.events[len(published)].type)
        except Exception:
            PUBLISHED.labels(self._service, "failed").inc()
            log.exception("relay.publish_failed", service=self._service, document=f"{owed.kind}/{owed.id}")
        else:
            return await self._settle(owed, published)
        return await self._settle(owed, published) if published else []

    async def _settle(self, owed: Owed, published: list[str]) -> list[str]:
        """What is struck off now."""
        try:
            await self._store.settle(owed, published)
        except StoreAway:
            return []  # they stay owed, and go out once more when the lease has run out
        except Exception:
            log.exception("relay.settle_failed", service=self._service, document=f"{owed.kind}/{owed.id}")
            return []
        for id in published:
            reach(Failpoint.RELAY_SETTLED, id)
        return published

    def _tell_unroutable(self, type: str) -> None:
        PUBLISHED.labels(self._service, "unroutable").inc()
        if type not in self._unroutable:
            log.error("relay.unroutable", service=self._service, type=type, cure="satu topology apply")
        self._unroutable[type] = machine_seconds()

    async def _idle(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._interval):
                await self._nudged.wait()

    async def _wait_for_bus(self, fault: BusAway) -> None:
        log.warning("relay.bus_away", service=self._service, reason=fault.detail)
        self._readiness = Readiness(ready=False, state="bus-away", why=fault.detail)
        for wait in backoff(0.5):
            await rest(wait, self._stopping, self._sleep)
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
        await rest(next(self._store_waits), self._stopping, self._sleep)

    async def _finish(self) -> None:
        if self._carrying:
            await asyncio.wait(self._carrying.values(), timeout=self._grace)
        left = list(self._carrying.values())
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)
