"""Tells which documents of a service are those of one region: in its store, and in a backup."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from pathlib import Path

from shared.operations import manifest as manifests
from shared.operations.manifest import ServiceBackup
from shared.ports.store import ID, Archive, Documents, Kind, State
from shared.runtime.regional import RegionalKind
from shared.runtime.service import Service


class RegionDocuments:
    """Of one service and one region. owners: kind → ids of the region's documents, of the kinds that others follow."""

    def __init__(self, service: Service, region: str, owners: Mapping[str, Collection[str]]) -> None:
        self.service = service
        self.region = region
        self._owners = owners

    def takes(self, kind: Kind, stored: State) -> bool:
        """Whether a document in stored form is the region's."""
        regional = self.service.regional.kind(kind.name)
        return regional is not None and self._is_own(regional, regional.key(kind, stored))

    def _is_own(self, regional: RegionalKind, key: str | None) -> bool:
        if regional.owner is not None:
            return key is not None and key in self._owners[regional.owner]
        return key == self.region

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds that regions have documents of, those that others follow first: whoever writes in this order, and
        erases in the opposite one, may be interrupted, and knows the region's documents again."""
        regional = {each.name: each for each in self.service.regional.kinds}
        known = [each for each in self.service.kinds if each.name in regional]
        return tuple(sorted(known, key=lambda each: regional[each.name].owner is not None))

    def moves(self, kind: Kind) -> bool:
        """Whether documents of this kind are in a region's backup."""
        regional = self.service.regional.kind(kind.name)
        return regional is not None and regional.moves

    async def dumped(self, store: Archive, kind: Kind) -> AsyncIterator[State]:
        """Stream the region's documents of a kind in stored form, in the order of ids."""
        async for stored in store.dump(kind.name):
            if self.takes(kind, stored):
                yield stored

    async def live(self, store: Documents) -> dict[str, dict[str, int]]:
        """Kind → id → sequence, of all that the store has of the region."""
        return {kind.name: await self._live(store, kind.name) for kind in self.kinds}

    async def ids_of(self, store: Documents, kind: str) -> Collection[str]:
        """The ids of the region's documents of a kind."""
        return await self._live(store, kind)

    async def _live(self, store: Documents, kind: str) -> dict[str, int]:
        regional = self.service.regional.kind(kind)
        if regional is None:
            return {}
        rows = store.scan(kind, {}, regional.fields)
        return {row.id: row.sequence async for row in rows if self._is_own(regional, regional.key_in(row))}


async def documents_in_store(store: Documents, service: Service, region: str) -> RegionDocuments:
    """The region's documents in a store. Raises StoreAway."""
    alone = RegionDocuments(service, region, {})
    owners = {name: await alone.ids_of(store, name) for name in service.regional.owners}
    return RegionDocuments(service, region, owners)


def documents_in_backup(folder: Path, backup: ServiceBackup, service: Service, region: str) -> RegionDocuments:
    """The region's documents in the backup of a service. folder: of that service."""
    owners: dict[str, set[str]] = {}
    alone = RegionDocuments(service, region, {})
    for kind in service.kinds:
        if kind.name in service.regional.owners:
            stream = lines_of(folder, backup, kind.name)
            owners[kind.name] = {stored[ID] for stored in stream if alone.takes(kind, stored)}
    return RegionDocuments(service, region, owners)


def lines_of(folder: Path, backup: ServiceBackup, kind: str) -> Iterator[State]:
    """The documents of a kind in the backup of a service, one after another."""
    if kind in backup.kinds:
        yield from manifests.lines(folder / f"{kind}.jsonl")
