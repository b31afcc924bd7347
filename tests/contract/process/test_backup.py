"""Backup and restore, with changes between and after them."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter

from shared.adapters.folder import FolderFiles
from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock
from shared.contracts.subscriptions import SUBSCRIPTIONS, subscription
from shared.faults import Invalid
from shared.operations.backup import back_up
from shared.operations.restore import Restored, check, restore
from shared.ports.store import Kind
from shared.runtime.engines import Engines
from shared.runtime.service import Resources, RestoreFacts, Service
from shared.settings import load
from tests.support.events import agency_draft

PDF = b"%PDF-1.7\n" + b"evidence " * 2000
FACTS = Kind("agency")
LEDGER = Kind("message")
PLAIN = Kind("note")


@dataclass
class Place:
    """One service on one disk."""

    folder: Path
    facts: list[RestoreFacts]
    kinds: tuple[Kind, ...] = (FACTS, LEDGER, PLAIN)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[tuple[Resources, Service]]:
        store = SqliteStore(self.folder / "office.sqlite")
        files = FolderFiles(self.folder / "files")
        world = Resources(store, files, SqliteBus(self.folder / "bus.sqlite"), Clock(), load({}, data_dir=self.folder))
        await store.open(self.kinds)
        await files.open()
        yield world, self.service()
        await files.close()
        await store.close()

    def service(self) -> Service:
        async def remember(facts: RestoreFacts) -> None:
            self.facts.append(facts)

        return Service(
            name="office",
            kinds=self.kinds,
            router=APIRouter(),
            ledger_kinds=(LEDGER.name,),
            resyncable=(FACTS.name, LEDGER.name),
            after_restore=remember,
        )

    async def write(self, kind: Kind, id: str, **state: object) -> None:
        async with self.opened() as (world, _):
            draft = agency_draft(id) if kind is not PLAIN else None
            await world.store.change(kind.name, id, lambda _: (dict(state), draft))

    async def attach(self, content: bytes) -> str:
        async def chunks() -> AsyncIterator[bytes]:
            yield content

        async with self.opened() as (world, _):
            stored = await world.files.put(chunks(), most={"application/pdf": len(content)})
            return stored.digest

    async def states(self, kind: Kind) -> dict[str, dict[str, Any]]:
        async with self.opened() as (world, _):
            return {row["_id"]: row["state"] async for row in world.store.dump(kind.name)}

    async def sequences(self, kind: Kind) -> dict[str, int]:
        async with self.opened() as (world, _):
            return {row["_id"]: row["sequence"] async for row in world.store.dump(kind.name)}

    async def back_up(self, to: Path) -> None:
        async with self.opened() as part:
            await back_up(to, [part], "test")

    async def restore(self, of: Path) -> Restored:
        async with self.opened() as (world, service):
            return await restore(of, check(of, [service]), world, service)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "disk", [])


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "set"


async def filled(place: Place) -> str:
    await place.write(FACTS, "a", name="first")
    await place.write(PLAIN, "n", text="as it was")
    await place.write(LEDGER, "m1", told="a")
    return await place.attach(PDF)


async def test_a_restore_brings_back_the_backup_and_erases_newer_documents(place: Place, kept: Path) -> None:
    await filled(place)
    await place.back_up(kept)
    await place.write(FACTS, "a", name="changed")
    await place.write(FACTS, "b", name="later")
    await place.write(PLAIN, "n", text="changed")

    done = await place.restore(kept)

    assert await place.states(FACTS) == {"a": {"name": "first"}}
    assert await place.states(PLAIN) == {"n": {"text": "as it was"}}
    assert (done.documents, done.erased, done.ledger_kept) == (2, 1, True)


async def test_a_ledger_entry_newer_than_the_backup_is_kept(place: Place, kept: Path) -> None:
    await filled(place)
    await place.back_up(kept)
    await place.write(LEDGER, "m1", told="a, and it was taken")
    await place.write(LEDGER, "m2", told="b")

    done = await place.restore(kept)

    assert await place.states(LEDGER) == {"m1": {"told": "a, and it was taken"}, "m2": {"told": "b"}}
    assert (done.kept, place.facts[0].ledger_kept) == (1, True)


async def test_restored_documents_get_sequences_above_what_consumers_have_seen(place: Place, kept: Path) -> None:
    await filled(place)
    await place.back_up(kept)
    await place.write(FACTS, "a", name="changed")
    seen = (await place.sequences(FACTS))["a"]

    done = await place.restore(kept)

    assert (await place.sequences(FACTS))["a"] > seen
    assert done.stamped == 2
    async with place.opened() as (world, _):
        owed = await world.store.claim_owed(10, timedelta(seconds=5))
    newest = {each.id: each.events[-1].id for each in owed}
    assert newest["a"] == f"agency/a/{(await place.sequences(FACTS))['a']:016d}"


async def test_on_a_new_disk_everything_is_restored_and_the_service_learns_that_its_ledger_was_lost(
    place: Place, kept: Path, tmp_path: Path
) -> None:
    digest = await filled(place)
    before = Clock.machine()
    await place.back_up(kept)
    fresh = replace(place, folder=tmp_path / "new disk", facts=[])

    done = await fresh.restore(kept)

    assert await fresh.states(LEDGER) == {"m1": {"told": "a"}}
    assert (done.files, done.ledger_kept) == (1, False)
    (facts,) = fresh.facts
    assert before <= facts.backup_at <= facts.restored_at
    async with fresh.opened() as (world, _):
        assert b"".join([chunk async for chunk in world.files.get(digest)]) == PDF


async def test_an_empty_ledger_counts_as_kept_when_other_documents_survived(
    place: Place, kept: Path, tmp_path: Path
) -> None:
    await place.write(FACTS, "a", name="first")
    await place.back_up(kept)
    await place.write(LEDGER, "m1", told="a")

    here = await place.restore(kept)
    elsewhere = await replace(place, folder=tmp_path / "new disk").restore(kept)

    assert (here.ledger_kept, elsewhere.ledger_kept) == (True, False)
    assert await place.states(LEDGER) == {"m1": {"told": "a"}}


async def test_restoring_twice_gives_the_same_state(place: Place, kept: Path) -> None:
    await filled(place)
    await place.back_up(kept)
    await place.restore(kept)

    again = await place.restore(kept)

    assert await place.states(FACTS) == {"a": {"name": "first"}}
    assert (again.files, again.erased, again.ledger_kept) == (0, 0, True)


async def test_the_manifest_lists_the_content(place: Place, kept: Path) -> None:
    digest = await filled(place)
    await place.back_up(kept)

    manifest = json.loads((kept / "manifest.json").read_text())

    assert datetime.fromisoformat(manifest["made_at"]).tzinfo is not None
    assert manifest["services"]["office"]["kinds"]["agency"]["lines"] == 1
    lines = (kept / "office/agency.jsonl").read_bytes()
    assert manifest["services"]["office"]["kinds"]["agency"]["sha256"] == hashlib.sha256(lines).hexdigest()
    assert (kept / "office/files" / digest).read_bytes() == PDF


async def test_a_backup_needs_an_empty_folder(place: Place, kept: Path) -> None:
    await filled(place)
    await place.back_up(kept)

    with pytest.raises(Invalid, match="new or empty folder"):
        await place.back_up(kept)


def unfinished(kept: Path) -> None:
    (kept / "manifest.json").unlink()


def altered(kept: Path) -> None:
    path = kept / "office/agency.jsonl"
    path.write_bytes(path.read_bytes().replace(b"first", b"FIRST"))


def shortened(kept: Path) -> None:
    (kept / "office/note.jsonl").write_bytes(b"")


def lost(kept: Path) -> None:
    (kept / "office/message.jsonl").unlink()


def rotten(kept: Path) -> None:
    (path,) = (kept / "office/files").iterdir()
    path.write_bytes(PDF[:-1])


def without_evidence(kept: Path) -> None:
    (path,) = (kept / "office/files").iterdir()
    path.unlink()


def of_another_format(kept: Path) -> None:
    path = kept / "manifest.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))


def scribbled(kept: Path) -> None:
    (kept / "manifest.json").write_text("{")


@pytest.mark.parametrize(
    "damage", [unfinished, altered, shortened, lost, rotten, without_evidence, of_another_format, scribbled]
)
async def test_a_damaged_backup_is_refused_before_anything_is_changed(
    place: Place, kept: Path, damage: Callable[[Path], None]
) -> None:
    await filled(place)
    await place.back_up(kept)
    await place.write(FACTS, "a", name="changed")
    damage(kept)

    with pytest.raises(Invalid):
        await place.restore(kept)

    assert await place.states(FACTS) == {"a": {"name": "changed"}}
    assert place.facts == []


async def test_a_backup_of_a_newer_release_is_refused_and_an_older_one_accepted(place: Place, kept: Path) -> None:
    await filled(place)
    newer = replace(place, kinds=(Kind("agency", schema=2, upcasts={1: lambda state: state}), LEDGER, PLAIN))
    await newer.back_up(kept)

    with pytest.raises(Invalid, match="schema 2; known here: 1"):
        await place.restore(kept)

    assert (await newer.restore(kept)).service == "office"


async def test_all_damages_are_reported_at_once(place: Place, kept: Path) -> None:
    await filled(place)
    await place.back_up(kept)
    altered(kept)
    lost(kept)

    with pytest.raises(Invalid) as caught:
        await place.restore(kept)

    assert {flaw.field for flaw in caught.value.flaws} == {"office/agency.jsonl", "office/message.jsonl"}


async def test_a_backup_without_the_service_is_refused(place: Place, kept: Path) -> None:
    await filled(place)
    await place.back_up(kept)

    with pytest.raises(Invalid, match="does not cover"):
        check(kept, [place.service(), replace(place.service(), name="another")])


async def test_obsolete_events_are_removed_from_the_embedded_bus_for_that_service_only(tmp_path: Path) -> None:
    bus = SqliteBus(tmp_path / "bus.sqlite")
    await bus.open()
    await bus.apply([each for each in SUBSCRIPTIONS if not each.rebuilt])
    both = subscription("notifications.agencies"), subscription("scoring.agencies")
    for number in range(3):  # one ready, one on a rung, one parked
        await bus.publish("agency.registered", f"agency/{number}/1", "61.12", b"{}", mandatory=True)
    for each in both:
        receiver = await bus.receive(each, prefetch=2)
        await receiver.retry(await receiver.take(), rung=4, counted=True)
        await receiver.park(await receiver.take(), reason="bad", fault="ValueError")
        await receiver.close()
    await bus.close()

    await Engines(load({}, data_dir=tmp_path)).forget_events(["notifications"])

    with closing(sqlite3.connect(tmp_path / "bus.sqlite")) as db:
        left = [db.execute(f"SELECT queue FROM {table}").fetchall() for table in ("waiting", "resting", "parked")]
    assert left == [[("scoring.agencies",)]] * 3
