"""What a restore may touch: everything that a service has, or what belongs to one region."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from typing import Protocol

from typing_extensions import override

from shared.operations.region_documents import RegionDocuments, documents_in_store
from shared.ports.store import Kind, Store
from shared.runtime.service import Service


class RestoreScope(Protocol):
    """Of one service."""

    @property
    def kinds(self) -> Collection[Kind]:
        """Whose documents the restore writes and erases."""

    def others(self, kind: str, ids: Collection[str]) -> AsyncIterator[str]:
        """The ids of the documents within the scope that are stored and not among `ids`."""

    def note(self, kind: str, ids: Collection[str]) -> None:
        """These documents are in the backup."""

    def concerns(self, kind: str, id: str) -> bool:
        """Whether a document that is stored after the restore is within the scope."""


class Everything(RestoreScope):
    """A restore of all documents of a service."""

    def __init__(self, store: Store, service: Service) -> None:
        self._store = store
        self._kinds = service.kinds

    @property
    @override
    def kinds(self) -> Collection[Kind]:
        return self._kinds

    @override
    async def others(self, kind: str, ids: Collection[str]) -> AsyncIterator[str]:
        async for row in self._store.scan(kind, {}, ()):
            if row.id not in ids:
                yield row.id

    @override
    def note(self, kind: str, ids: Collection[str]) -> None:
        pass

    @override
    def concerns(self, kind: str, id: str) -> bool:
        return True


class OneRegion(RestoreScope):
    """A restore of one region's documents beside those of others. live: what was stored of it before."""

    def __init__(self, documents: RegionDocuments, live: Mapping[str, Collection[str]]) -> None:
        self._kinds = documents.kinds
        self.region = documents.region
        self._live = live
        self._restored: dict[str, Collection[str]] = {}

    @property
    def was_there(self) -> bool:
        """Whether the store had anything of the region before."""
        return any(self._live.values())

    @property
    @override
    def kinds(self) -> Collection[Kind]:
        return self._kinds

    @override
    async def others(self, kind: str, ids: Collection[str]) -> AsyncIterator[str]:
        for id in self._live[kind]:
            if id not in ids:
                yield id

    @override
    def note(self, kind: str, ids: Collection[str]) -> None:
        self._restored[kind] = ids

    @override
    def concerns(self, kind: str, id: str) -> bool:
        return id in self._restored.get(kind, ()) or id in self._live.get(kind, ())


async def region_scope(store: Store, service: Service, region: str) -> OneRegion:
    """The scope of a region. Raises StoreAway."""
    documents = await documents_in_store(store, service, region)
    return OneRegion(documents, await documents.live(store))
