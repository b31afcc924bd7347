"""The log of an endpoint's hand-overs: a ring of entries, each kept for 30 days at most."""

from __future__ import annotations

from datetime import timedelta

from services.feed.endpoints.delivery import KEPT_FOR, Delivery, slot
from services.feed.endpoints.kinds import DELIVERY
from services.feed.endpoints.repositories import delivery_repository
from shared.clock import machine_ms
from shared.ports.store import Range, Store
from shared.storage.repository import VersionedPage
from shared.storage.steps import without_event

_NEWEST_FIRST = (("number", -1),)


class DeliveryLog:
    """Writes and reads the entries of all endpoints."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._deliveries = delivery_repository(store)

    async def add(self, entry: Delivery) -> None:
        """Write an entry in the place of the oldest. Whoever repeats a number writes the same slot."""

        def write(before: Delivery | None) -> Delivery | None:
            return None if before == entry else entry

        await self._deliveries.change(slot(entry.endpoint, entry.number), without_event(write), new=True)

    async def page(self, endpoint: str, *, limit: int, after: str | None) -> VersionedPage[Delivery]:
        """The newest first."""
        return await self._deliveries.list({"endpoint": endpoint}, limit=limit, after=after, sort=_NEWEST_FIRST)

    async def get(self, endpoint: str, number: int) -> Delivery:
        """Raises NotFound, also when a later entry has its place."""
        found = await self._deliveries.get(slot(endpoint, number))
        if found.value.number != number:
            raise self._deliveries.missing()
        return found.value

    async def purge(self) -> int:
        """Erase the entries whose days are over; returns how many."""
        oldest = machine_ms() - KEPT_FOR // timedelta(milliseconds=1)
        ids = [row.id async for row in self._store.scan(DELIVERY.name, {"at": Range(below=oldest)}, ())]
        for id in ids:
            await self._store.erase(DELIVERY.name, id)
        return len(ids)
