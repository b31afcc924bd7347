"""A day is sealed when nothing of it is owed; whatever is changed afterwards is found."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock
from shared.ports.audit import ENTRY, SEAL, canonical
from shared.ports.store import State, Store
from shared.storage.audit.log import AuditLog
from shared.storage.audit.seal import SealStatus
from shared.storage.audit.sealing import Sealing
from shared.storage.audit.verifying import Verified, verify
from tests.support.audit.notes import NOTE_KINDS, put
from tests.support.store_engines import Engine
from tests.support.store_samples import LEASE, saved, settled


@pytest.fixture
async def store(either: Engine) -> Store:
    return await either.open(*NOTE_KINDS)


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[Store]:
    """For what only reads: the order of a scan is the same on every engine."""
    store = SqliteStore(tmp_path / "store.sqlite")
    await store.open(NOTE_KINDS)
    yield store
    await store.close()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


async def seal(store: Store, now: datetime) -> None:
    await Sealing(store, lambda: now).run()


async def seals(store: Store) -> dict[str, int]:
    return {day: seal.entries async for day, seal in AuditLog(store).seals() if seal.status is SealStatus.SEALED}


async def verified(store: Store, **known: str) -> Verified:
    return await verify(AuditLog(store), {day.replace("_", "-").removeprefix("d"): sha for day, sha in known.items()})


async def test_a_day_is_sealed_two_hours_after_its_end(store: Store) -> None:
    await put(store, "2026-01-01", "a")
    await put(store, "2026-01-01", "b")

    await seal(store, at(2, 1, 59))
    assert await seals(store) == {}
    await seal(store, at(2, 2))

    assert await seals(store) == {"2026-01-01": 2}
    assert (await verified(store)).faults == []


async def test_days_without_entries_are_sealed_too_and_each_seal_holds_the_one_before(store: Store) -> None:
    await put(store, "2026-01-01", "a")
    await put(store, "2026-01-03", "a", 2)

    await seal(store, at(5, 3))

    assert await seals(store) == {"2026-01-01": 1, "2026-01-02": 0, "2026-01-03": 1, "2026-01-04": 0}
    chain = [(each.before, each.sha256) async for _, each in AuditLog(store).seals()]
    assert [before for before, _ in chain] == ["", *(sha for _, sha in chain[:-1])]
    result = await verified(store)
    assert (result.days, result.entries, result.open, result.faults) == (4, 2, 0, [])
    assert result.last == ("2026-01-04", chain[-1][1])


async def test_a_log_without_entries_has_no_seals(embedded: Store) -> None:
    await seal(embedded, at(5, 3))

    assert await seals(embedded) == {}
    assert (await verified(embedded)).faults == []


async def test_a_day_waits_for_its_last_owed_entry(store: Store) -> None:
    await store.change("note", "a", saved({"status": "open"}))
    today = Clock.machine()
    yesterday, day = (today - timedelta(days=1)).date().isoformat(), today.date().isoformat()
    await put(store, yesterday, "a")
    in_two_days = today.replace(hour=3) + timedelta(days=2)

    await seal(store, in_two_days)
    waiting = list(await seals(store))
    await settled(store)
    await seal(store, in_two_days)

    assert waiting == [yesterday]
    assert list(await seals(store))[:2] == [yesterday, day]


async def test_a_closed_day_is_sealed_by_the_next_run(store: Store) -> None:
    """The process ended, or an entry was owed, after it had closed the day."""
    await put(store, "2026-01-01", "a")
    await seal(store, at(2, 3))
    await store.change(SEAL.name, "2026-01-02", saved(await _closed(store)))

    await put(store, "2026-01-02", "b")
    await seal(store, at(3, 3))

    assert await seals(store) == {"2026-01-01": 1, "2026-01-02": 1}
    assert (await verified(store)).faults == []


async def _closed(store: Store) -> State:
    first = await AuditLog(store).seal("2026-01-01")
    assert first is not None
    return first.model_copy(
        update={"status": SealStatus.CLOSED, "before": first.sha256, "sha256": "", "entries": 0, "sealed_at": None}
    ).model_dump(mode="json")


async def test_a_second_sealer_finds_the_same(store: Store, either: Engine) -> None:
    other = await either.open(*NOTE_KINDS)
    for day in range(1, 4):
        await put(store, f"2026-01-0{day}", "a", day)

    await seal(store, at(4, 3))
    first = [each async for each in AuditLog(store).seals()]
    await seal(other, at(4, 4))

    assert [each async for each in AuditLog(store).seals()] == first


async def _rewritten(store: Store, kind: str, id: str, change: Callable[[dict[str, Any]], None]) -> None:
    """As somebody would who has the database."""
    found = await store.get(kind, id)
    assert found is not None
    state = found.state
    change(state)
    await store.change(kind, id, saved(state))


async def _other_text(store: Store) -> None:
    def change(state: dict[str, Any]) -> None:
        state["entry"] = canonical({**json.loads(state["entry"]), "account": "somebody else"})

    await _rewritten(store, ENTRY.name, "2026-01-02/note/a/0000000000000002", change)


async def _removed(store: Store) -> None:
    await store.erase(ENTRY.name, "2026-01-02/note/a/0000000000000002")


async def _added(store: Store) -> None:
    await put(store, "2026-01-02", "b")


async def _added_before(store: Store) -> None:
    digits, day = "0000000000000001", "2025-12-31"
    entry = {"at": f"{day}T08:00:00.000Z", "document": "note/z", "sequence": digits}
    state = {"region": "", "document": "note/z", "entry": canonical(entry)}
    await store.keep(ENTRY.name, {f"{day}/note/z/{digits}": state})


async def _seal_removed(store: Store) -> None:
    await store.erase(SEAL.name, "2026-01-02")


async def _seal_exchanged(store: Store) -> None:
    await _rewritten(store, SEAL.name, "2026-01-02", lambda state: state.update(sha256="0" * 64))


async def _moved(store: Store) -> None:
    """An open entry under another document's name."""
    found = await store.get(ENTRY.name, "2026-01-04/note/a/0000000000000004")
    assert found is not None
    await store.keep(ENTRY.name, {"2026-01-04/note/other/0000000000000004": found.state})


@pytest.mark.parametrize("harm", [_other_text, _removed, _added, _added_before, _seal_removed, _seal_exchanged, _moved])
async def test_every_change_after_the_seal_is_found(embedded: Store, harm: Callable[[Store], Any]) -> None:
    for day in range(1, 5):
        await put(embedded, f"2026-01-0{day}", "a", day)
    await seal(embedded, at(4, 3))
    assert (await verified(embedded)).faults == []

    await harm(embedded)

    assert (await verified(embedded)).faults != []


async def test_a_log_that_was_written_anew_as_a_whole_is_found_by_a_seal_that_is_known(embedded: Store) -> None:
    for day in (1, 2):
        await put(embedded, f"2026-01-0{day}", "a", day)
    await seal(embedded, at(3, 3))
    last = (await verified(embedded)).last
    assert last is not None
    for day in ("2026-01-01", "2026-01-02"):
        await embedded.erase(SEAL.name, day)
    await _removed(embedded)
    await seal(embedded, at(3, 3))

    assert (await verified(embedded)).faults == []
    assert len((await verified(embedded, **{f"d{last[0].replace('-', '_')}": last[1]})).faults) == 1


async def test_a_known_seal_that_is_gone_is_missed(embedded: Store) -> None:
    await put(embedded, "2026-01-01", "a")

    assert (await verified(embedded, d2026_01_01="0" * 64)).faults == ["2026-01-01: it has no seal, but you know one"]
    assert await embedded.claim_owed(1, LEASE) == []
