"""The audit log in backups and restores: no entry is lost by going back, and the log stays one that can be verified."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import APIRouter

from shared.adapters.folder import FolderFiles
from shared.adapters.sqlite.bus import SqliteBus
from shared.clock import Clock
from shared.messaging.audit_filing import AuditFiling
from shared.observability.actor import Actor, acting
from shared.operations.backup import back_up
from shared.operations.restore import Restored, check, restore
from shared.ports.audit import day_of, document_of
from shared.ports.store import Store
from shared.runtime.service import Resources, Service
from shared.settings import load
from shared.storage.audit.log import AuditFilter, AuditLog
from shared.storage.audit.sealing import Sealing
from shared.storage.audit.verifying import Verified, verify
from tests.servers.mongo import fresh_database
from tests.support.audit.notes import CLERK, NOTE_KINDS, filed, put
from tests.support.store_engines import FEATURES, Engine
from tests.support.store_samples import LEASE, saved

FIRST = "2026-01-01"

OPERATOR = Actor("uid:0", "command", "host", "satu restore")


@pytest.fixture
async def store(either: Engine) -> Store:
    return await either.open(*NOTE_KINDS)


@pytest.fixture
async def elsewhere(either: Engine, request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of the same engine: another machine."""
    sqlite = either.name == "sqlite"
    where = str(tmp_path / "other.sqlite") if sqlite else fresh_database(request.getfixturevalue("mongo_url"))
    store = await Engine(either.name, where, FEATURES[either.name]).open(*NOTE_KINDS)
    either.stores.append(store)
    return store


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "set"


async def part(store: Store, tmp_path: Path) -> tuple[Resources, Service]:
    files = FolderFiles(tmp_path / "files")
    await files.open()
    resources = Resources(store, files, SqliteBus(tmp_path / "bus.sqlite"), Clock(), load({}, data_dir=tmp_path))
    return resources, Service(name="office", kinds=NOTE_KINDS, router=APIRouter())


async def backed_up(store: Store, kept: Path) -> None:
    await back_up(kept, [await part(store, kept.parent)], "test")


async def restored(store: Store, kept: Path) -> Restored:
    with acting(OPERATOR):
        resources, service = await part(store, kept.parent)
        return await restore(kept, check(kept, [service]), resources, service)


async def write(store: Store, id: str, status: str, *, owed: bool = False) -> None:
    with acting(CLERK):
        await store.change("note", id, saved({"status": status}))
    if not owed:
        await AuditFiling(store).file_all(LEASE)


async def sealed(store: Store, last: int) -> None:
    """Up to that day of January."""
    now = datetime(2026, 1, last + 1, 2, tzinfo=UTC)
    await Sealing(store, lambda: now).run()


async def verified(store: Store) -> Verified:
    return await verify(AuditLog(store), {})


async def told(store: Store) -> list[tuple[str, str]]:
    """Document and what happened to it, of every entry."""
    return sorted((each["document"].partition("/")[2], each["what"]) for each in await filed(store))


async def test_what_came_after_the_backup_stays_in_the_log(store: Store, kept: Path) -> None:
    await write(store, "a", "first")
    await backed_up(store, kept)
    await write(store, "a", "second")
    await write(store, "b", "later", owed=True)

    await restored(store, kept)

    assert await store.get("note", "b") is None
    assert await told(store) == [("a", "changed"), ("a", "created"), ("b", "created"), ("office", "restored")]
    (entry,) = [each for each in await filed(store) if each["what"] == "restored"]
    assert (entry["account"], entry["role"], entry["through"]) == ("uid:0", "command", "satu restore")


async def test_what_was_owed_at_the_backup_is_filed_once(store: Store, kept: Path) -> None:
    await write(store, "a", "first", owed=True)
    await backed_up(store, kept)
    await AuditFiling(store).file_all(LEASE)

    await restored(store, kept)
    await AuditFiling(store).file_all(LEASE)

    assert await told(store) == [("a", "created"), ("office", "restored")]


async def test_another_machine_gets_the_log_with_its_seals(store: Store, elsewhere: Store, kept: Path) -> None:
    await put(store, FIRST, "a")
    await sealed(store, 2)
    before = await verified(store)
    await backed_up(store, kept)

    await restored(elsewhere, kept)

    after = await verified(elsewhere)
    assert (after.days, after.last, after.faults) == (before.days, before.last, [])
    assert await told(elsewhere) == [("a", "changed"), ("office", "restored")]
    await sealed(elsewhere, 3)
    assert (await verified(elsewhere)).faults == []


async def test_the_same_log_with_newer_seals_keeps_them(store: Store, kept: Path) -> None:
    await put(store, FIRST, "a")
    await sealed(store, 2)
    await backed_up(store, kept)
    await sealed(store, 3)
    before = await verified(store)

    await restored(store, kept)

    after = await verified(store)
    assert (after.days, after.last, after.faults) == (before.days, before.last, [])


async def test_an_older_log_gets_the_newer_seals_of_the_backup(store: Store, elsewhere: Store, kept: Path) -> None:
    """Restored from an old backup first, then from a newer one."""
    await put(store, FIRST, "a")
    await sealed(store, 2)
    await backed_up(store, kept)
    await sealed(store, 3)
    newer = kept.with_name("newer")
    await backed_up(store, newer)
    last = (await verified(store)).last

    await restored(elsewhere, kept)
    await restored(elsewhere, newer)

    after = await verified(elsewhere)
    assert (after.last, after.faults) == (last, [])


async def test_entries_of_another_line_go_to_today_where_their_day_is_sealed(
    store: Store, elsewhere: Store, kept: Path
) -> None:
    await put(store, FIRST, "a")
    await put(store, "2026-01-05", "b")
    await sealed(store, 1)
    await backed_up(store, kept)
    await put(elsewhere, FIRST, "z")
    await sealed(elsewhere, 2)
    here = (await verified(elsewhere)).last

    await restored(elsewhere, kept)

    after = await verified(elsewhere)
    assert (after.last, after.faults) == (here, [])
    ids = {document_of(each.id): day_of(each.id) async for each in AuditLog(elsewhere).entries(AuditFilter())}
    assert ids["note/z"] == FIRST
    assert ids["note/a"] == Clock.machine().date().isoformat()
    assert ids["note/b"] == "2026-01-05"
    await sealed(elsewhere, 6)
    assert (await verified(elsewhere)).faults == []
