"""A service with documents of two regions, on either engine, to be backed up and restored region by region."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from shared.adapters.folder import FolderFiles
from shared.adapters.sqlite.bus import SqliteBus
from shared.clock import Clock
from shared.contracts.agency import AGENCY_REGISTERED, AgencyRegistered
from shared.contracts.contract import Origin, draft
from shared.contracts.event import Draft
from shared.contracts.vocabulary import AgencyKind
from shared.operations.backup import back_up
from shared.operations.manifest import Manifest
from shared.operations.region_check import admit
from shared.operations.region_removal import Removed, remove, require_moved
from shared.operations.restore import Restored, check, restore
from shared.ports.store import ID, Kind, State
from shared.runtime.regional import Regional, RegionalKind
from shared.runtime.service import Reference, Resources, RestoreFacts, Service
from shared.settings import load
from tests.support.store_engines import EngineName, store_at

HERE, OTHER = "61.12", "61.71"

REGIONS = Kind("region")
AGENCIES = Kind("agency", schema=2, upcasts={1: lambda state: {"region": state["place"], "name": state["name"]}})
LEDGER = Kind("message")
RUNS = Kind("import")
PAGES = Kind("import_report")
KEYS = Kind("likeness")
SHARED = Kind("secret")
KINDS = (PAGES, REGIONS, AGENCIES, LEDGER, RUNS, KEYS, SHARED)

PDF = b"%PDF-1.7\n" + b"evidence " * 2000


@dataclass
class Office:
    """One installation. catalogues: name → digest of what it has; facts: what restores told it; left: the regions that
    left it, or were replaced."""

    folder: Path
    engine: EngineName = "sqlite"
    where: str = ""
    name: str = "registry"
    catalogues: dict[str, str] = field(default_factory=lambda: {"2026.1": "aa"})
    facts: list[RestoreFacts] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[tuple[Resources, Service]]:
        self.folder.mkdir(parents=True, exist_ok=True)
        store = store_at(self.engine, self.where or str(self.folder / "office.sqlite"))
        files = FolderFiles(self.folder / "files")
        bus = SqliteBus(self.folder / "bus.sqlite")
        await store.open(KINDS)
        await files.open()
        try:
            yield Resources(store, files, bus, Clock(), load({}, data_dir=self.folder)), self.service()
        finally:
            await files.close()
            await store.close()

    def service(self) -> Service:
        async def remember(facts: RestoreFacts) -> None:
            self.facts.append(facts)

        async def went(region: str) -> None:
            self.left.append(region)

        return Service(
            name=self.name,
            kinds=KINDS,
            router=APIRouter(),
            ledger_kinds=(LEDGER.name,),
            resyncable=(AGENCIES.name, LEDGER.name),
            after_restore=remember,
            references=(Reference(AGENCIES.name, REGIONS.name, lambda row: [row["region"]], ("region",)),),
            regional=Regional(
                kinds=(
                    RegionalKind(REGIONS.name, ID),
                    RegionalKind(AGENCIES.name),
                    RegionalKind(LEDGER.name),
                    RegionalKind(RUNS.name),
                    RegionalKind(PAGES.name, "run", owner=RUNS.name),
                    RegionalKind(KEYS.name, ID, owner=AGENCIES.name, moves=False),
                ),
                stays=(SHARED.name,),
                files=lambda _, state: filter(None, [state.get("file")]),
                needs=lambda _, state: filter(None, [state.get("catalogue")]),
                has=self.catalogues,
                left=went,
            ),
        )

    async def fill(self, *regions: str, seen: str = "first") -> dict[str, str]:
        """Documents of every kind for each region, and one of none; region → digest of its file."""
        digests: dict[str, str] = {}
        async with self.opened() as (resources, _):
            for region in regions:
                stored = await resources.files.put(_chunks(PDF + region.encode()), most={"application/pdf": 99_999})
                digests[region] = stored.digest
                agency = {"region": region, "name": seen, "file": stored.digest, "catalogue": "2026.1"}
                documents: list[tuple[Kind, str, State, Draft | None]] = [
                    (REGIONS, region, {}, None),
                    (AGENCIES, f"a-{region}", agency, told(f"a-{region}", region)),
                    (AGENCIES, f"b-{region}", {"region": region, "name": seen}, told(f"b-{region}", region)),
                    (LEDGER, f"m-{region}", {"region": region}, told(f"m-{region}", region)),
                    (RUNS, f"run-{region}", {"region": region}, None),
                    (PAGES, f"run-{region}/000000", {"run": f"run-{region}"}, None),
                    (KEYS, f"a-{region}", {"of": 1}, None),
                    (SHARED, "key", {"key": self.folder.name}, None),
                ]
                for kind, id, state, event in documents:
                    await resources.store.change(kind.name, id, lambda _, it=(state, event): it)  # type: ignore[misc]
        return digests

    async def write(self, kind: Kind, id: str, state: State, event: Draft | None = None) -> None:
        async with self.opened() as (resources, _):
            await resources.store.change(kind.name, id, lambda _: (state, event))

    async def dumped(self, *kinds: Kind) -> dict[str, State]:
        """`<kind>/<id>` → stored form, of these kinds, by default all."""
        async with self.opened() as (resources, _):
            return {
                f"{kind.name}/{stored[ID]}": stored
                for kind in kinds or KINDS
                async for stored in resources.store.dump(kind.name)
            }

    async def digests(self) -> list[str]:
        async with self.opened() as (resources, _):
            return [each async for each in resources.files.digests()]

    async def settle(self) -> None:
        """As the relay does when everything is published."""
        async with self.opened() as (resources, _):
            while owed := await resources.store.claim_owed(100, timedelta(seconds=5)):
                for each in owed:
                    await resources.store.settle(each, [event.id for event in each.events])

    async def back_up(self, to: Path, region: str | None = HERE) -> Manifest:
        async with self.opened() as part:
            return await back_up(to, [part], "test", region=region)

    async def restore(self, of: Path, *, replace: bool = False) -> Restored:
        async with self.opened() as (resources, service):
            manifest = check(of, [service])
            await admit(of, manifest, [(resources, service)], replace=replace)
            return await restore(of, manifest, resources, service)

    async def remove(self, of: Path) -> Removed:
        async with self.opened() as (resources, service):
            manifest = check(of, [service])
            found = await require_moved(of, manifest, [(resources, service)])
            return await remove(found[service.name], resources, service, str(manifest.region))

    def elsewhere(self, folder: Path, **changes: Any) -> Office:  # noqa: ANN401 - fields
        """Another installation."""
        return replace(self, folder=folder, facts=[], left=[], **changes)


def told(id: str, region: str) -> Draft:
    """An event about a document."""
    payload = AgencyRegistered(id=id, region=region, name="Dinas", kind=AgencyKind.DINAS)
    return draft(AGENCY_REGISTERED, payload, region, Origin(datetime(2026, 11, 2, tzinfo=UTC)))


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content
