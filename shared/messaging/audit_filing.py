"""Moves audit entries that documents owe to documents of their own. They are never given to a bus.

An entry goes to the day of its change, by its own time. If that day has been closed since (the writer slept for hours),
it goes to today, unless it is on its day already: a move that was repeated. See `shared/storage/audit/seal.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from shared.clock import Clock
from shared.observability.failpoints import Failpoint, reach
from shared.ports.audit import ENTRY, OPEN_FOR, SEAL, day_of, document_of, entry_id, on_day
from shared.ports.store import AUDIT, ID, Documents, Outbox, Owed, OwedEvent, State

_SURELY_OPEN = OPEN_FOR / 2  # after the day's end: clocks of replicas may differ
_AT_ONCE = 200  # documents


class AuditStore(Documents, Outbox, Protocol):
    """What moving needs of a store."""


class AuditFiling:
    """One per relay."""

    def __init__(self, store: AuditStore) -> None:
        self._store = store

    async def file(self, entries: Iterable[OwedEvent]) -> None:
        """Save these entries; they are still owed. Raises StoreAway."""
        now, states = Clock.machine(), dict[str, State]()
        ids = {entry_id(each): each for each in entries}
        closed = await self._closed(min(map(day_of, ids))) if _old(ids, now) else ""
        for id, entry in ids.items():
            place = id
            if day_of(id) <= closed:
                if await self._store.get(ENTRY.name, id) is not None:
                    continue
                place = on_day(id, _day(now))
            states[place] = {"region": entry.region, "document": document_of(id), "entry": entry.body.decode()}
        if states:
            await self._store.keep(ENTRY.name, states)
        for entry in ids.values():
            reach(Failpoint.AUDIT_FILED, entry.id)

    async def file_all(self, lease: timedelta) -> int:
        """Move all entries that nobody else is moving, and nothing else that is owed; how many. Raises StoreAway."""
        moved = 0
        while owed := await self._store.claim_owed(_AT_ONCE, lease, of=AUDIT):
            await self.file(entry for each in owed for entry in entries_of(each))
            settled = [(each, [entry.id for entry in entries_of(each)]) for each in owed]
            await self._store.settle_many(settled)
            moved += sum(len(ids) for _, ids in settled)
        return moved

    async def _closed(self, first: str) -> str:
        """The last day that is closed, if it is not before `first`; else empty."""
        page = await self._store.find(SEAL.name, {}, sort=[(ID, -1)], limit=1)
        last = page.documents[0].id if page.documents else ""
        return last if last >= first else ""


def entries_of(owed: Owed) -> list[OwedEvent]:
    """The audit entries among what a document owes."""
    return [each for each in owed.events if each.type == AUDIT]


def _old(ids: Iterable[str], now: datetime) -> bool:
    """Whether one of them is of a day that may be closed."""
    return min(map(day_of, ids), default="9") < _day(now - _SURELY_OPEN)


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
