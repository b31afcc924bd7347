"""The region beside an owed event, and what former releases stored without one, on every engine."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from shared.adapters import stored_form
from shared.adapters.sqlite.store import SqliteStore
from shared.contracts.event import Event
from shared.ports.store import State, Store
from tests.support.store_engines import KINDS, Engine
from tests.support.store_samples import claimed, counted, draft, events, saved_with_event, settled


async def copy(store: Store) -> State:
    (stored,) = [each async for each in store.dump("thing")]
    return stored


def former(stored: State) -> State:
    """The stored form as release 0.2 wrote it."""
    return {
        **stored,
        "outbox": [{name: value for name, value in each.items() if name != "region"} for each in stored["outbox"]],
        "last_event": {name: value for name, value in stored["last_event"].items() if name != "region"},
    }


@pytest.fixture
def no_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: bytes) -> str:
        raise AssertionError("the bytes of an event were decoded for its region")

    monkeypatch.setattr(stored_form, "region_of", never)


@pytest.mark.usefixtures("no_decoding")
async def test_an_event_is_owed_with_its_region_and_its_bytes_stay_closed(store: Store) -> None:
    await store.change("thing", "a", saved_with_event({"n": 1}))
    (owed,) = await claimed(store)
    assert [event.region for event in owed.events] == ["61.12"]
    await store.settle(owed, [event.id for event in owed.events])

    assert await store.owe_again("thing", "a")
    (again,) = await claimed(store)

    assert again.events == owed.events


@pytest.mark.usefixtures("no_decoding")
async def test_the_backup_has_the_region_and_loading_it_decodes_nothing(store: Store) -> None:
    await store.change("thing", "a", saved_with_event({"n": 1}))
    stored = await copy(store)
    assert [each["region"] for each in stored["outbox"]] == [stored["last_event"]["region"]] == ["61.12"]

    await store.load("thing", [stored])

    (owed,) = await claimed(store)
    assert [event.region for event in owed.events] == ["61.12"]


async def test_a_backup_of_a_former_release_gets_its_regions_from_the_bytes(store: Store) -> None:
    await store.change("thing", "a", counted())
    await store.change("thing", "a", counted())
    stored = await copy(store)

    await store.load("thing", [former(stored)])

    assert await copy(store) == stored
    (owed,) = await claimed(store)
    assert [event.region for event in owed.events] == ["61.12", "61.12"]
    await settled(store)
    assert await store.owe_again("thing", "a")


@pytest.mark.parametrize("anew", [False, True])
async def test_the_last_event_of_a_former_release_is_owed_with_its_region(store: Store, anew: bool) -> None:
    await store.change("thing", "a", saved_with_event({"n": 1}))
    stored = former(await copy(store))
    await store.load("thing", [{**stored, "outbox": [], "outbox_since": None}])

    assert await store.owe_again("thing", "a", anew=anew)

    (owed,) = await claimed(store)
    assert [event.region for event in owed.events] == ["61.12"]
    assert (await copy(store))["last_event"]["region"] == "61.12"


async def test_what_a_former_release_owes_is_stamped_anew_with_its_region(store: Store) -> None:
    await store.change("thing", "a", saved_with_event({"n": 1}))
    await store.load("thing", [former(await copy(store))])

    assert await store.owe_again("thing", "a", anew=True)

    (owed,) = await claimed(store)
    (event,) = owed.events
    assert (event.region, event.id) == ("61.12", Event.decode(event.body).id)


async def test_an_event_of_another_region_is_owed_with_its_own(engine: Engine) -> None:
    store = await engine.open()
    for number, region in enumerate(("61", "61.71")):
        await store.change("thing", str(number), lambda _, r=region: ({}, draft().model_copy(update={"region": r})))

    assert {event.region for owed in await claimed(store) for event in owed.events} == {"61", "61.71"}


async def test_a_file_of_a_former_release_is_opened_and_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "thing.sqlite"
    store = SqliteStore(file)
    await store.open(KINDS)
    for name in ("owing", "settled"):
        await store.change("thing", name, saved_with_event({"n": 1}))
    await store.close()
    with sqlite3.connect(file) as db:
        db.execute("ALTER TABLE owed DROP COLUMN region")
        for kind in KINDS:
            db.execute(f'ALTER TABLE "doc_{kind.name}" DROP COLUMN event_region')
        db.execute("DELETE FROM owed WHERE id = 'settled'")
        db.execute("DELETE FROM owing WHERE id = 'settled'")
    db.close()

    store = SqliteStore(file)
    await store.open(KINDS)
    await store.change("thing", "owing", saved_with_event({"n": 2}))
    assert await store.owe_again("thing", "settled")

    owed = {each.id: each for each in await claimed(store)}
    assert [event.data["n"] for event in events(owed["owing"])] == [1, 2]
    assert {event.region for each in owed.values() for event in each.events} == {"61.12"}
    await store.close()


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"region": 7}', b'{"region": null}'])
def test_bytes_without_a_region_have_none(body: bytes) -> None:
    assert stored_form.region_of(body) == ""
