"""What the documents of one service name of another's: written in an order that leaves no ghost, compared after it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import APIRouter

from shared.adapters.folder import FolderFiles
from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock
from shared.operations.backup import back_up
from shared.operations.references import Comparison, Unowned
from shared.operations.restore import Restored, check, restore
from shared.ports.store import Kind
from shared.runtime.service import Reference, Resources, Service
from shared.settings import load
from tests.support.store_samples import saved

REGIONS, AGENCIES, COPIES = Kind("region"), Kind("agency"), Kind("known_agency")
REGISTRY = Service(
    name="registry",
    kinds=(REGIONS, AGENCIES),
    router=APIRouter(),
    references=(Reference("agency", "region", lambda row: [row["region"]], ("region",)),),
)
SCORING = Service(
    name="scoring",
    kinds=(COPIES,),
    router=APIRouter(),
    references=(Reference("known_agency", "agency", lambda row: [row.id]),),
)


@dataclass
class Office:
    """A registry and a scoring that copies its agencies, in a folder."""

    folder: Path

    @asynccontextmanager
    async def opened(self, *services: Service) -> AsyncIterator[list[tuple[Resources, Service]]]:
        async with AsyncExitStack() as stack:
            parts = []
            files, bus = FolderFiles(self.folder / "files"), SqliteBus(self.folder / "bus.sqlite")
            await files.open()
            for service in services or (REGISTRY, SCORING):
                store = SqliteStore(self.folder / f"{service.name}.sqlite")
                await store.open(service.kinds)
                stack.push_async_callback(store.close)
                parts.append((Resources(store, files, bus, Clock(), load({}, data_dir=self.folder)), service))
            yield parts

    async def write(self, service: Service, kind: Kind, *ids: str) -> None:
        async with self.opened(service) as [(resources, _)]:
            for id in ids:
                await resources.store.change(kind.name, id, saved({"region": "61.12"}))

    async def fill(self) -> None:
        await self.write(REGISTRY, REGIONS, "61.12")
        await self.write(REGISTRY, AGENCIES, "a", "b")
        await self.write(SCORING, COPIES, "a")

    async def back_up(self, to: Path, *services: Service) -> list[str]:
        """Returns what was written, in order."""
        written: list[str] = []
        async with self.opened(*services) as parts:
            await back_up(to, parts, "test", lambda label, _: written.append(label))
        return list(dict.fromkeys(written))

    async def restore(self, of: Path, *services: Service) -> dict[str, Restored]:
        async with self.opened(*services) as parts:
            manifest = check(of, [service for _, service in parts])
            return {service.name: await restore(of, manifest, *part) for part in parts for service in part[1:]}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "disk")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "set"


async def test_what_names_a_document_is_written_before_that_document(office: Office, kept: Path) -> None:
    await office.fill()

    assert await office.back_up(kept) == ["scoring known_agency", "registry agency", "registry region"]


async def test_the_manifest_lists_the_ids_that_each_service_owns(office: Office, kept: Path) -> None:
    await office.fill()
    await office.back_up(kept)

    services = json.loads((kept / "manifest.json").read_text())["services"]

    assert services["registry"]["owned"] == {"agency": ["a", "b"], "region": ["61.12"]}
    assert services["scoring"]["owned"] == {}


async def test_a_restore_in_which_every_copy_has_its_owner_names_nothing(
    office: Office, kept: Path, tmp_path: Path
) -> None:
    await office.fill()
    await office.back_up(kept)

    done = await Office(tmp_path / "new disk").restore(kept)

    assert {each.compared for each in done.values()} == {Comparison()}


async def test_a_restore_names_the_copies_that_nobody_owns(office: Office, kept: Path, tmp_path: Path) -> None:
    await office.fill()
    await office.write(SCORING, COPIES, "ghost")
    await office.write(REGISTRY, AGENCIES, "c")
    await office.back_up(kept)
    forgotten = json.loads((kept / "manifest.json").read_text())
    forgotten["services"]["registry"]["owned"]["region"] = []
    (kept / "manifest.json").write_text(json.dumps(forgotten))

    done = await Office(tmp_path / "new disk").restore(kept)

    assert done["scoring"].compared == Comparison((Unowned("known_agency/ghost", "agency/ghost"),))
    assert [each.document for each in done["registry"].compared.unowned] == ["agency/a", "agency/b", "agency/c"]


async def test_a_service_with_a_backup_of_its_own_is_compared_with_its_neighbour_in_the_set(
    office: Office, kept: Path, tmp_path: Path
) -> None:
    await office.fill()
    await office.write(SCORING, COPIES, "ghost")
    for service in (SCORING, REGISTRY):
        await office.back_up(kept / service.name, service)

    done = await Office(tmp_path / "new disk").restore(kept / "scoring", SCORING)

    assert done["scoring"].compared == Comparison((Unowned("known_agency/ghost", "agency/ghost"),))


async def test_without_the_owners_list_the_restore_says_what_it_did_not_compare(
    office: Office, kept: Path, tmp_path: Path
) -> None:
    await office.fill()
    await office.back_up(kept / "scoring", SCORING)

    done = await Office(tmp_path / "new disk").restore(kept / "scoring", SCORING)

    assert done["scoring"].compared == Comparison(unknown=("agency",))


async def test_a_backup_of_an_earlier_release_without_ids_is_restored(
    office: Office, kept: Path, tmp_path: Path
) -> None:
    await office.fill()
    await office.back_up(kept)
    manifest = json.loads((kept / "manifest.json").read_text())
    for part in manifest["services"].values():
        del part["owned"]
    (kept / "manifest.json").write_text(json.dumps(manifest))

    done = await Office(tmp_path / "new disk").restore(kept)

    assert {name: (each.documents, each.compared.unknown) for name, each in done.items()} == {
        "registry": (3, ("region",)),
        "scoring": (1, ("agency",)),
    }
