"""Copies of the feed's webhook endpoints, the newest of each."""

from __future__ import annotations

from collections.abc import Collection

from services.notifications.kinds import KNOWN_ENDPOINT
from shared.contracts.endpoint import EndpointChanged, EndpointStatus
from shared.ports.store import Store
from shared.storage.copies import Copies, Copy, CopyKind

ENDPOINTS = CopyKind(
    KNOWN_ENDPOINT, EndpointChanged, value="endpoint", sequence="heard", index_fields=("region", "status")
)


class KnownEndpoints:
    """Stores and loads the copies."""

    def __init__(self, store: Store) -> None:
        self._copies = Copies(store, ENDPOINTS)

    async def keep(self, endpoint: EndpointChanged, sequence: int) -> None:
        """Store the endpoint if it is newer."""
        await self._copies.keep(endpoint.endpoint, endpoint, sequence)

    async def disabled(self, region: str) -> list[Copy[EndpointChanged]]:
        """The disabled ones of a region, in the order of their ids."""
        where = {"region": region, "status": EndpointStatus.DISABLED.value}
        return [each async for each in self._copies.scan(where)]

    async def some(self, ids: Collection[str]) -> dict[str, EndpointChanged]:
        """Id → endpoint, of those that are known."""
        return {id: each.value for id, each in (await self._copies.some(sorted(ids))).items()}
