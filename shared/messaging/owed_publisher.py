"""Publishes a batch of leased documents' events, files their audit entries, and settles what is done.

The first events of all documents go at once, then the second ones, and so on: the events of one document are published
in their order, and each event's fate is its own. Audit entries never go to the bus and never wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import structlog

from shared.faults import BusAway, Refused, StoreAway, Unconfirmed, Unroutable
from shared.messaging.audit_filing import AuditFiling, entries_of
from shared.messaging.refusals import Refusals
from shared.observability.failpoints import Failpoint, reach
from shared.observability.metrics import PUBLISHED
from shared.ports.bus import Bus, Outgoing
from shared.ports.store import AUDIT, Outbox, Owed, OwedEvent, State

log = structlog.get_logger("relay")


@dataclass
class Progress:
    """How far one document is. events: to be published; filed: the ids of its audit entries, once they are kept; done:
    nothing more is to be published now; rests: something was not taken, so that the lease is kept until it ends."""

    owed: Owed
    events: Sequence[OwedEvent]
    filed: Sequence[str] = ()
    confirmed: list[str] = field(default_factory=list)
    done: bool = False
    rests: bool = False

    @property
    def next(self) -> OwedEvent:
        """The event that is to be published next."""
        return self.events[len(self.confirmed)]

    @property
    def settled(self) -> list[str]:
        """The ids of what the document owes no more."""
        return [*self.filed, *self.confirmed]


class OwedPublisher:
    """One per relay; any number of batches at once, of different documents."""

    def __init__(
        self,
        store: Outbox,
        bus: Bus,
        refusals: Refusals,
        *,
        service: str,
        mandatory: Collection[str],
        filing: AuditFiling | None,
    ) -> None:
        """refusals: where events that are not taken are noted; mandatory, filing: see `Relay`."""
        self._store = store
        self._bus = bus
        self._refusals = refusals
        self._service = service
        self._mandatory = mandatory
        self._filing = filing
        self._confirmed = PUBLISHED.labels(service, "confirmed")
        self._ping: asyncio.Task[None] | None = None

    async def publish(self, batch: Sequence[Owed]) -> tuple[frozenset[str], BusAway | None]:
        """Publish, file and settle: the ids of the events that were settled, and the fault if the bus is away; then the
        leases of the others are released."""
        documents = [Progress(owed, events_of(owed)) for owed in batch]
        away = await self._publish_all(documents)
        return await self._settle(documents, await self._entries(documents)), away

    async def _entries(self, documents: Sequence[Progress]) -> dict[str, State] | None:
        """The audit entries of these documents, to be kept when they are settled; None: there are none, or they cannot
        be placed and stay owed."""
        some = [(each, entries) for each in documents if (entries := entries_of(each.owed))]
        if not some:
            return None
        try:
            if self._filing is not None:
                placed = await self._filing.placed(entry for _, entries in some for entry in entries)
                for each, entries in some:
                    each.filed = [entry.id for entry in entries]
                return placed
        except StoreAway:
            return None
        except Exception:
            log.exception("relay.filing_failed", service=self._service, documents=len(some))
        for each, _ in some:
            each.rests = True
        return None

    async def _publish_all(self, documents: Sequence[Progress]) -> BusAway | None:
        """The fault if the bus is away."""
        away: BusAway | None = None
        for each in documents:
            each.done = not each.events
        try:
            while away is None and (going := [each for each in documents if not each.done]):
                away = await self._publish_next(going)
        except Exception:
            PUBLISHED.labels(self._service, "failed").inc()
            log.exception("relay.publish_failed", service=self._service, documents=len(documents))
            for each in documents:
                each.rests |= not each.done
        return away

    async def _publish_next(self, documents: Sequence[Progress]) -> BusAway | None:
        """Publish the next event of each document; the fault if the bus is away."""
        for each in documents:
            each.done = not self._refusals.may_try(each.next.type)
            each.rests |= each.done
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
        document.done = len(document.confirmed) == len(document.events)
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

    async def _settle(self, documents: Sequence[Progress], entries: dict[str, State] | None) -> frozenset[str]:
        """Remove what is confirmed or filed from the outbox; the ids of what was removed. A document with an event that
        was not taken keeps its lease, so that it is not tried again at once. entries: to be kept before."""
        settled = [(each.owed, each.settled) for each in documents if each.settled or not each.rests]
        if not settled:
            return frozenset()
        try:
            await self._store.settle_many(settled, keeping=entries)
        except StoreAway:
            return frozenset()  # they stay in the outbox and are published again when the lease ends
        except Exception:
            log.exception("relay.settle_failed", service=self._service, documents=len(settled))
            return frozenset()
        ids = [id for _, done in settled for id in done]
        for id in ids:
            reach(Failpoint.RELAY_SETTLED, id)
        return frozenset(ids)


def events_of(owed: Owed) -> list[OwedEvent]:
    """What of it goes to the bus."""
    return [each for each in owed.events if each.type != AUDIT]
