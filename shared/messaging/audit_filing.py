"""Moves audit entries that documents owe to documents of their own. They are never given to a bus.

An entry goes to the day of its change, by its own time. If that day is closed (the writer slept for hours, or a clock
went wrong), it goes to today or the first open day, unless it is on its day already: a move that was repeated. See
`shared/storage/audit/seal.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from shared.clock import Clock, machine_seconds
from shared.observability.failpoints import Failpoint, reach
from shared.ports.audit import ENTRY, OPEN_FOR, SEAL, day_of, document_of, entry_id, next_day, on_day
from shared.ports.store import AUDIT, ID, Documents, Outbox, Owed, OwedEvent, State

_SURELY_OPEN = OPEN_FOR / 2  # after the day's end: clocks of replicas may differ
_CLOSED_EVERY = 60.0  # seconds; a day that may be closed by then is looked up whenever an entry is of it
_AT_ONCE = 200  # documents


class AuditStore(Documents, Outbox, Protocol):
    """What moving needs of a store."""


class AuditFiling:
    """One per relay."""

    def __init__(self, store: AuditStore) -> None:
        self._store = store
        self._closed = ""  # the last day that was closed when that was read last
        self._read = -_CLOSED_EVERY  # machine seconds

    async def file(self, entries: Iterable[OwedEvent]) -> None:
        """Save these entries; they are still owed. Raises StoreAway."""
        ids = {entry_id(each): each for each in entries}
        states = {await self._place(id): _state(id, entry) for id, entry in ids.items()}
        await self._store.keep(ENTRY.name, states)
        for entry in ids.values():
            reach(Failpoint.AUDIT_FILED, entry.id)

    async def _place(self, id: str) -> str:
        """Its own day, unless that is closed and it is not there yet; then the first open one, usually today."""
        today = _day(Clock.machine() - _SURELY_OPEN)
        if day_of(id) < today or machine_seconds() - self._read >= _CLOSED_EVERY:
            page = await self._store.find(SEAL.name, {}, sort=[(ID, -1)], limit=1)
            self._closed = page.documents[0].id if page.documents else ""
            self._read = machine_seconds()
        if day_of(id) > self._closed or await self._store.get(ENTRY.name, id) is not None:
            return id
        return on_day(id, max(_day(Clock.machine()), next_day(self._closed)))

    async def file_all(self, lease: timedelta) -> int:
        """Move all entries that nobody else is moving, and nothing else that is owed; how many. Raises StoreAway."""
        moved = 0
        while owed := await self._store.claim_owed(_AT_ONCE, lease, of=AUDIT):
            await self.file(entry for each in owed for entry in entries_of(each))
            settled = [(each, [entry.id for entry in entries_of(each)]) for each in owed]
            await self._store.settle_many(settled)
            moved += sum(len(ids) for _, ids in settled)
        return moved


def entries_of(owed: Owed) -> list[OwedEvent]:
    """The audit entries among what a document owes."""
    return [each for each in owed.events if each.type == AUDIT]


def _state(id: str, entry: OwedEvent) -> State:
    return {"region": entry.region, "document": document_of(id), "entry": entry.body.decode()}


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
