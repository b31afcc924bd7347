"""Publishes a batch of leased documents' events, and settles those that the bus has confirmed.

The first events of all documents go at once, then the second ones, and so on: the events of one document are published
in their order, and each event's fate is its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import structlog

from shared.faults import BusAway, Refused, StoreAway, Unconfirmed, Unroutable
from shared.messaging.refusals import Refusals
from shared.observability.failpoints import Failpoint, reach
from shared.observability.metrics import PUBLISHED
from shared.ports.bus import Bus, Outgoing
from shared.ports.store import Outbox, Owed, OwedEvent

log = structlog.get_logger("relay")


@dataclass
class Progress:
    """How far the publishing of one document's events is. done: nothing more is to be published now; rests: an event
    was not taken, so that the lease is kept until it ends."""

    owed: Owed
    confirmed: list[str] = field(default_factory=list)
    done: bool = False
    rests: bool = False

    @property
    def next(self) -> OwedEvent:
        """The event that is to be published next."""
        return self.owed.events[len(self.confirmed)]


class OwedPublisher:
    """One per relay; any number of batches at once, of different documents."""

    def __init__(
        self, store: Outbox, bus: Bus, refusals: Refusals, *, service: str, mandatory: Collection[str]
    ) -> None:
        """refusals: where events that are not taken are noted; mandatory: see `Relay`."""
        self._store = store
        self._bus = bus
        self._refusals = refusals
        self._service = service
        self._mandatory = mandatory
        self._confirmed = PUBLISHED.labels(service, "confirmed")
        self._ping: asyncio.Task[None] | None = None

    async def publish(self, batch: Sequence[Owed]) -> tuple[frozenset[str], BusAway | None]:
        """Publish and settle: the ids of the events that were settled, and the fault if the bus is away; then the
        leases of the others are released."""
        documents = [Progress(owed, done=not owed.events) for owed in batch]
        away: BusAway | None = None
        try:
            while away is None and (going := [each for each in documents if not each.done]):
                away = await self._publish_next(going)
        except Exception:
            PUBLISHED.labels(self._service, "failed").inc()
            log.exception("relay.publish_failed", service=self._service, documents=len(documents))
            for each in documents:
                each.rests |= not each.done
        return await self._settle(documents), away

    async def _publish_next(self, documents: Sequence[Progress]) -> BusAway | None:
        """Publish the next event of each document; the fault if the bus is away."""
        for each in documents:
            each.rests = each.done = not self._refusals.may_try(each.next.type)
        going = [each for each in documents if not each.done]
        for each in going:
            reach(Failpoint.RELAY_CLAIMED, each.next.id)
        if not going:
            return None
        fates = await self._bus.publish_many([self._outgoing(each.next) for each in going])
        answers = any(isinstance(fate, Unconfirmed) for fate in fates) and await self._bus_answers()
        away: BusAway | None = None
        for each, fate in zip(going, fates, strict=True):
            if fate is None:
                self._note_confirm(each)
            elif isinstance(fate, Unroutable | Refused) or (answers and isinstance(fate, Unconfirmed)):
                each.rests = each.done = True
                self._note_refusal(each.next.type, fate)
            else:
                each.done, away = True, away or fate
                PUBLISHED.labels(self._service, "away").inc()
        return away

    def _note_confirm(self, document: Progress) -> None:
        event = document.next
        self._refusals.taken(event.type)
        self._confirmed.inc()
        document.confirmed.append(event.id)
        document.done = len(document.confirmed) == len(document.owed.events)
        reach(Failpoint.RELAY_PUBLISHED, event.id)

    def _note_refusal(self, type: str, fault: Unroutable | Refused | Unconfirmed) -> None:
        PUBLISHED.labels(self._service, fault.slug).inc()
        if refusal := self._refusals.note(type, fault):
            log.error("relay.refused", service=self._service, state=refusal.state, why=refusal.why, cure=refusal.cure)

    def _outgoing(self, event: OwedEvent) -> Outgoing:
        return Outgoing(event.type, event.id, event.region, event.body, event.type in self._mandatory)

    async def close(self) -> None:
        """End a question to the bus that is under way."""
        if self._ping is not None:
            self._ping.cancel()
            await asyncio.wait([self._ping])

    async def _bus_answers(self) -> bool:
        """Ask the bus itself; batches that ask at the same time share one question."""
        if self._ping is None or self._ping.done():
            self._ping = asyncio.create_task(self._bus.ping(), name="relay ping")
        try:
            await asyncio.shield(self._ping)
        except BusAway:
            return False
        return True

    async def _settle(self, documents: Sequence[Progress]) -> frozenset[str]:
        """Remove the confirmed events from the outbox; the ids of those that were removed. A document with an event
        that was not taken keeps its lease, so that it is not tried again at once."""
        settled = [(each.owed, each.confirmed) for each in documents if each.confirmed or not each.rests]
        if not settled:
            return frozenset()
        try:
            await self._store.settle_many(settled)
        except StoreAway:
            return frozenset()  # they stay in the outbox and are published again when the lease ends
        except Exception:
            log.exception("relay.settle_failed", service=self._service, documents=len(settled))
            return frozenset()
        ids = [id for _, confirmed in settled for id in confirmed]
        for id in ids:
            reach(Failpoint.RELAY_SETTLED, id)
        return frozenset(ids)
