"""What a backup takes of a service: everything, or what is one region's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Protocol

from typing_extensions import override

from shared.contracts.event_types import CONTRACTS
from shared.faults import Flaw, Invalid
from shared.operations.region_documents import RegionDocuments, documents_in_store
from shared.ports.files import Files
from shared.ports.store import Archive, Kind, State, Store
from shared.runtime.regional import current_state
from shared.runtime.service import Service

_REGION = "region"


class Selection(Protocol):
    """Of one service."""

    def takes(self, kind: Kind) -> bool:
        """Whether documents of this kind are written."""

    def documents(self, kind: Kind) -> AsyncIterator[State]:
        """Stream the documents of a kind in stored form, in the order of ids."""

    def digests(self, files: Files) -> AsyncIterator[str] | None:
        """The digests of the files to write, in order; asked once all documents are written. None: it has no files of
        its own."""

    def needs(self) -> Mapping[str, str]:
        """Name → digest of what the documents need; asked once all of them are written."""


class WholeService(Selection):
    """Everything but what is rebuilt, and all files."""

    def __init__(self, store: Archive, service: Service) -> None:
        self._store = store
        self._rebuilt = service.rebuilt_kinds

    @override
    def takes(self, kind: Kind) -> bool:
        return kind.name not in self._rebuilt

    @override
    def documents(self, kind: Kind) -> AsyncIterator[State]:
        return self._store.dump(kind.name)

    @override
    def digests(self, files: Files) -> AsyncIterator[str] | None:
        return files.digests()

    @override
    def needs(self) -> Mapping[str, str]:
        return {}


class RegionOfService(Selection):
    """The documents of one region and the files that they name. Without the events that they owe: the installation that
    they are taken from publishes these, and a restore owes the last event of each anew."""

    def __init__(self, store: Archive, documents: RegionDocuments) -> None:
        self._store = store
        self._documents = documents
        self._digests: set[str] = set()
        self._needs: set[str] = set()

    @override
    def takes(self, kind: Kind) -> bool:
        return self._documents.moves(kind)

    @override
    async def documents(self, kind: Kind) -> AsyncIterator[State]:
        regional = self._documents.service.regional
        async for stored in self._documents.dumped(self._store, kind):
            state = current_state(kind, stored)
            self._digests.update(regional.files(kind.name, state))
            self._needs.update(regional.needs(kind.name, state))
            yield {**stored, "outbox": [], "outbox_since": None}

    @override
    def digests(self, files: Files) -> AsyncIterator[str] | None:
        return _each(sorted(self._digests)) if self._digests else None

    @override
    def needs(self) -> Mapping[str, str]:
        has = self._documents.service.regional.has
        return {name: has[name] for name in sorted(self._needs & has.keys())}


async def selection_of(store: Store, service: Service, region: str | None) -> Selection:
    """region: the code, or None for everything. Raises Invalid when this service registers regions and has none of that
    code, StoreAway."""
    if region is None:
        return WholeService(store, service)
    registers = {each.source for each in CONTRACTS.values() if each.subject == _REGION}
    if service.name in registers and await store.get(_REGION, region) is None:
        raise Invalid([Flaw("--region", "unknown", f"region {region} is not registered here")])
    return RegionOfService(store, await documents_in_store(store, service, region))


async def _each(digests: list[str]) -> AsyncIterator[str]:
    for digest in digests:
        yield digest
