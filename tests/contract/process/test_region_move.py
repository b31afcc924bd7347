"""One region is taken out of an installation and put in elsewhere, beside others, on any two engines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.sqlite.bus import SqliteBus
from shared.contracts.event import Event
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.faults import Conflict, Invalid, NotFound, StoreAway
from shared.operations.region_removal import remove, require_moved
from shared.operations.restore import check, restore
from shared.ports.store import ID, Store
from tests.servers.mongo import fresh_database
from tests.support.apart.region_office import AGENCIES, HERE, KEYS, LEDGER, OTHER, SHARED, Office, told
from tests.support.store_engines import EngineName

MOVED = {
    f"region/{HERE}", f"agency/a-{HERE}", f"agency/b-{HERE}", f"message/m-{HERE}", f"import/run-{HERE}",
    f"import_report/run-{HERE}/000000",
}  # fmt: skip
"""What of the region moves; its keys are derived."""

ENGINES = [
    pytest.param("sqlite", "sqlite"),
    pytest.param("sqlite", "motor", marks=pytest.mark.mongo),
    pytest.param("motor", "sqlite", marks=pytest.mark.mongo),
]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "set"


@pytest.fixture
def one(tmp_path: Path) -> Office:
    return Office(tmp_path / "one")


@pytest.fixture
def two(tmp_path: Path) -> Office:
    return Office(tmp_path / "two")


def written_in(kept: Path) -> str:
    """All documents of a backup, and its manifest."""
    return "".join(each.read_text() for each in kept.rglob("*.json*"))


def office(request: pytest.FixtureRequest, folder: Path, engine: EngineName) -> Office:
    where = "" if engine == "sqlite" else fresh_database(request.getfixturevalue("mongo_url"))
    return Office(folder, engine, where)


@pytest.mark.parametrize(("source", "target"), ENGINES)
async def test_a_region_moves_with_its_documents_and_files_and_nothing_else(
    request: pytest.FixtureRequest, tmp_path: Path, kept: Path, source: EngineName, target: EngineName
) -> None:
    one, two = office(request, tmp_path / "one", source), office(request, tmp_path / "two", target)
    digests = await one.fill(HERE, OTHER)
    await two.fill("61.01")
    before, there = await one.dumped(), await two.dumped()
    await one.back_up(kept)

    done = await two.restore(kept)

    after = await two.dumped()
    assert after.keys() - there.keys() == MOVED
    assert {id: after[id] for id in there} == there, "what others have is untouched, byte for byte"
    assert {id: after[id]["state"] for id in MOVED} == {id: before[id]["state"] for id in MOVED}
    assert set(await two.digests()) & set(digests.values()) == {digests[HERE]}
    assert (done.documents, done.files, done.erased, done.stamped) == (6, 1, 0, 3)
    assert await one.dumped() == before, "a backup changes nothing"
    assert OTHER not in written_in(kept)


async def test_its_documents_get_new_sequences_and_only_they_owe_events(one: Office, two: Office, kept: Path) -> None:
    await one.fill(HERE, OTHER)
    await two.fill(OTHER)
    await two.settle()
    before = await one.dumped(AGENCIES, LEDGER)
    await one.back_up(kept)

    await two.restore(kept)

    owing = {id: each for id, each in (await two.dumped()).items() if each["outbox"]}
    assert owing.keys() == {each for each in MOVED if each.partition("/")[0] in ("agency", "message")}
    for id, stored in owing.items():
        (event,) = stored["outbox"]
        assert stored["sequence"] > before[id]["sequence"]
        assert Event.decode(event["body"].encode()).number == stored["sequence"]
        assert event["region"] == HERE


async def test_what_it_owed_stays_where_it_was_and_is_owed_once_where_it_comes(
    one: Office, two: Office, kept: Path
) -> None:
    await one.fill(HERE)
    await one.fill(HERE, seen="second")  # owes two events for each document
    await one.back_up(kept)

    await two.restore(kept)

    owed = {id: len(each["outbox"]) for id, each in (await one.dumped(AGENCIES)).items()}
    assert set(owed.values()) == {2}
    assert {len(each["outbox"]) for each in (await two.dumped(AGENCIES)).values()} == {1}


async def test_a_region_that_is_there_is_replaced_only_when_asked_and_others_stay(
    one: Office, two: Office, kept: Path
) -> None:
    await one.fill(HERE)
    await two.fill(HERE, OTHER, seen="older")
    await two.write(AGENCIES, "later", {"region": HERE, "name": "later"}, told("later", HERE))
    await two.write(LEDGER, "later", {"region": HERE}, told("later", HERE))
    others = {id: each for id, each in (await two.dumped()).items() if OTHER in id}
    await one.back_up(kept)

    with pytest.raises(Invalid, match="there already"):
        await two.restore(kept)
    done = await two.restore(kept, replace=True)

    after = await two.dumped()
    assert after[f"agency/a-{HERE}"]["state"]["name"] == "first"
    assert "agency/later" not in after
    assert "message/later" in after, "what was sent stays sent"
    assert f"likeness/a-{HERE}" not in after, "what is derived is derived again"
    assert {id: after[id] for id in others} == others
    assert done.erased == 2
    assert (two.left, one.left) == ([HERE], [])


async def test_an_interrupted_restore_is_repeated(one: Office, two: Office, kept: Path) -> None:
    await one.fill(HERE)
    await one.back_up(kept)
    await two.restore(kept)
    first = await two.dumped()

    await two.restore(kept, replace=True)

    again = await two.dumped()
    assert {id: each["state"] for id, each in again.items()} == {id: each["state"] for id, each in first.items()}
    assert all(again[id]["sequence"] >= first[id]["sequence"] for id in first)


async def test_the_service_learns_which_region_was_restored_and_that_its_ledger_was_not_there(
    one: Office, two: Office, kept: Path
) -> None:
    await one.fill(HERE)
    await two.fill(OTHER)
    await one.back_up(kept)

    await two.restore(kept)
    await two.restore(kept, replace=True)

    assert [(each.region, each.ledger_kept) for each in two.facts] == [(HERE, False), (HERE, True)]


async def test_the_comparison_looks_at_what_was_restored_only(one: Office, two: Office, kept: Path) -> None:
    await one.fill(HERE)
    await two.fill(OTHER)
    await one.back_up(kept)

    done = await two.restore(kept)

    assert (done.compared.unowned, done.compared.unknown) == ((), ())


async def test_documents_of_a_former_schema_move_as_they_are(one: Office, two: Office, kept: Path) -> None:
    await one.fill(HERE)
    async with one.opened() as (resources, _):
        former = {ID: f"old-{HERE}", "schema": 1, "sequence": 7, "state": {"place": HERE, "name": "old"}, "outbox": [],
                  "last_event": None, "outbox_since": None}  # fmt: skip
        await resources.store.load(AGENCIES.name, [former])
    await one.back_up(kept)

    await two.restore(kept)

    moved = (await two.dumped(AGENCIES))[f"agency/old-{HERE}"]
    assert (moved["schema"], moved["state"]) == (1, former["state"])


def rewritten(kept: Path, kind: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the documents of a kind in a backup as somebody would who also mends its manifest."""
    path, manifest = kept / f"registry/{kind}.jsonl", json.loads((kept / "manifest.json").read_text())
    documents = [json.loads(line) for line in path.read_bytes().splitlines()]
    for each in documents:
        change(each)
    path.write_text("".join(f"{json.dumps(each)}\n" for each in documents))
    manifest["services"]["registry"]["kinds"][kind]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (kept / "manifest.json").write_text(json.dumps(manifest))


def into_another_region(document: dict[str, Any]) -> None:
    document["state"]["region"] = OTHER


def with_an_event_of_another_region(document: dict[str, Any]) -> None:
    document["last_event"]["region"] = OTHER


def owing(document: dict[str, Any]) -> None:
    document["outbox"] = [{**document["last_event"], "since": 1}]


@pytest.mark.parametrize("forge", [into_another_region, with_an_event_of_another_region, owing])
async def test_a_backup_with_anything_of_another_region_is_refused(
    one: Office, two: Office, kept: Path, forge: Callable[[dict[str, Any]], None]
) -> None:
    await one.fill(HERE)
    await two.fill(OTHER)
    before = await two.dumped()
    await one.back_up(kept)
    rewritten(kept, "agency", forge)

    with pytest.raises(Invalid, match="not of region"):
        await two.restore(kept)

    assert await two.dumped() == before


async def test_ids_that_another_region_has_are_refused(one: Office, two: Office, kept: Path) -> None:
    await one.fill(HERE)
    await two.write(AGENCIES, f"a-{HERE}", {"region": OTHER, "name": "theirs"})
    before = await two.dumped()
    await one.back_up(kept)

    with pytest.raises(Invalid, match="of another region"):
        await two.restore(kept, replace=True)

    assert await two.dumped() == before


@pytest.mark.parametrize("catalogues", [{}, {"2026.1": "bb"}])
async def test_an_installation_without_the_catalogue_refuses(
    one: Office, two: Office, kept: Path, catalogues: dict[str, str]
) -> None:
    await one.fill(HERE)
    await one.back_up(kept)

    with pytest.raises(Invalid, match=r"2026\.1"):
        await replace(two, catalogues=catalogues).restore(kept)


async def test_an_unknown_region_is_not_backed_up(one: Office, kept: Path) -> None:
    await one.fill(HERE)

    with pytest.raises(Invalid, match="not registered"):
        await one.back_up(kept, "99.99")

    assert written_in(kept) == ""


async def test_a_release_that_knows_no_regions_refuses_the_format(one: Office, kept: Path) -> None:
    await one.fill(HERE)
    manifest = await one.back_up(kept)

    assert manifest.format == 2, "format 1 is restored as everything, and erases the others"


async def test_after_the_move_the_region_is_removed_and_others_stay(one: Office, kept: Path) -> None:
    await one.fill(HERE, OTHER)
    await one.settle()
    before = await one.dumped()
    await one.back_up(kept)

    removed = await one.remove(kept)
    again = await one.remove(kept)

    left = {id: each for id, each in before.items() if HERE not in id}
    assert await one.dumped() == left
    assert (removed.documents, again.documents) == (len(before) - len(left), 0)
    assert f"{SHARED.name}/key" in left
    assert one.left == [HERE, HERE]


async def test_what_changed_since_the_backup_is_not_removed(one: Office, kept: Path) -> None:
    await one.fill(HERE)
    await one.settle()
    await one.back_up(kept)
    await one.write(AGENCIES, f"a-{HERE}", {"region": HERE, "name": "changed"})
    before = await one.dumped()

    with pytest.raises(Invalid, match="back the region up again"):
        await one.remove(kept)

    assert await one.dumped() == before


async def test_a_region_that_owes_events_is_not_removed(one: Office, kept: Path) -> None:
    await one.fill(HERE)
    await one.back_up(kept)

    with pytest.raises(Invalid, match="owe events"):
        await one.remove(kept)


async def test_what_is_derived_does_not_hinder_a_removal(one: Office, kept: Path) -> None:
    await one.fill(HERE)
    await one.settle()
    await one.back_up(kept)
    await one.write(KEYS, f"a-{HERE}", {"of": 2})

    await one.remove(kept)

    assert {id for id in await one.dumped() if HERE in id} == set()


async def test_while_events_wait_a_region_is_neither_replaced_nor_removed(tmp_path: Path, kept: Path) -> None:
    """They could bring copies back of what is removed."""
    one = Office(tmp_path / "one", name="scoring")
    await one.fill(HERE)
    await one.settle()
    await one.back_up(kept)
    bus = SqliteBus(one.folder / "bus.sqlite")
    await bus.open()
    await bus.apply([each for each in SUBSCRIPTIONS if not each.rebuilt])
    await bus.publish("agency.registered", "agency/a/1", HERE, b"{}", mandatory=True)
    await bus.close()

    with pytest.raises(Conflict, match="events wait"):
        await one.remove(kept)
    with pytest.raises(Conflict, match="events wait"):
        await one.restore(kept, replace=True)


async def test_a_backup_of_everything_removes_no_region(one: Office, kept: Path) -> None:
    await one.fill(HERE)
    await one.settle()
    await one.back_up(kept, None)

    with pytest.raises(NotFound, match="not of one region"):
        await one.remove(kept)


async def test_events_of_the_restored_region_can_be_claimed(one: Office, two: Office, kept: Path) -> None:
    await one.fill(HERE)
    await one.back_up(kept)
    await two.restore(kept)

    async with two.opened() as (resources, _):
        owed = await resources.store.claim_owed(10, timedelta(seconds=5))

    assert {each.id for each in owed} == {f"a-{HERE}", f"b-{HERE}", f"m-{HERE}"}


class Cut:
    """Stands for a store whose n-th write, counted from 0, is the first that is not made."""

    def __init__(self, inner: Store, writes: int) -> None:
        self._inner = inner
        self._left = writes

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        plain = getattr(self._inner, name)
        if name not in ("load", "erase", "owe_again"):
            return plain

        async def write(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - as the store's
            if self._left == 0:
                raise StoreAway("cut off by the test")
            self._left -= 1
            return await plain(*given, **named)

        return write


async def test_a_restore_that_is_cut_off_anywhere_is_repeated(one: Office, tmp_path: Path, kept: Path) -> None:
    await one.fill(HERE)
    await one.back_up(kept)
    wanted = {id: each["state"] for id, each in (await one.dumped()).items() if id in MOVED}

    for writes in range(50):
        two = one.elsewhere(tmp_path / f"two {writes}")
        await two.fill(OTHER)
        await two.write(AGENCIES, "later", {"region": HERE, "name": "later"}, told("later", HERE))
        others = {id: each for id, each in (await two.dumped()).items() if OTHER in id}
        async with two.opened() as (resources, service):
            cut = replace(resources, store=Cut(resources.store, writes))  # type: ignore[arg-type]
            try:
                await restore(kept, check(kept, [service]), cut, service)
            except StoreAway:
                whole = False
            else:
                whole = True
        await two.restore(kept, replace=True)

        after = await two.dumped()
        assert {id: each["state"] for id, each in after.items() if id in wanted} == wanted, writes
        assert "agency/later" not in after
        assert {id: after[id] for id in others} == others
        if whole:
            break
    assert writes >= 9, "a write for each kind, each document that is erased and each that is stamped"


async def test_a_removal_that_is_cut_off_anywhere_is_repeated(one: Office, kept: Path) -> None:
    await one.fill(HERE, OTHER)
    await one.settle()
    before = await one.dumped()
    await one.back_up(kept)
    async with one.opened() as (resources, service):
        while True:
            found = await require_moved(kept, check(kept, [service]), [(resources, service)])
            cut = replace(resources, store=Cut(resources.store, 1))  # type: ignore[arg-type]
            try:
                await remove(found[service.name], cut, service, HERE)
            except StoreAway:
                continue
            break

    assert await one.dumped() == {id: each for id, each in before.items() if HERE not in id}
