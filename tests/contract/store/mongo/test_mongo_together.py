"""Changes that reach MongoDB as one update of many documents: the same is stored as by one update each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.adapters.mongo.store import MongoStore
from shared.adapters.mongo.write import MARKS
from shared.faults import Busy, Stale
from shared.ports.store import MOST_OWED, State
from tests.contract.store.mongo.test_shared_statements import Stores
from tests.contract.store.test_store_values import deciding, one_more
from tests.servers.mongo import fresh_database
from tests.support.store_samples import claimed, counted, draft, events, saved, saved_with_event

pytestmark = [
    pytest.mark.mongo,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.usefixtures("sockets_of_the_driver"),
]


@pytest.fixture(params=["motor", "pymongo"])
async def stores(request: pytest.FixtureRequest, mongo_url: str) -> AsyncIterator[Stores]:
    stores = Stores(request.param, fresh_database(mongo_url))
    yield stores
    await stores.close()


async def rows(store: MongoStore) -> dict[str, Any]:
    """The documents as they are stored."""
    assert store._database is not None
    return {row["_id"]: row async for row in store._database["thing"].find()}


async def test_values_that_look_like_expressions_are_stored_as_they_are(stores: Stores) -> None:
    store = await stores.open()
    state: State = {
        "text": "$name",
        "all": "$$ROOT",
        "$set": {"$n": 1, "a.b": "$$REMOVE"},
        "list": [{"$add": [1, 2]}, "$x", []],
        "nothing": None,
    }
    await asyncio.gather(*(store.change("thing", id, counted()) for id in "$ab"))
    stores.statements.sent.clear()

    await asyncio.gather(*(store.change("thing", id, saved_with_event({**state, "id": id})) for id in "$ab"))

    assert stores.statements.sent == ["find", "update"]
    for owed in await claimed(store):
        found = await store.get("thing", owed.id)
        assert found is not None
        assert found.state == {**state, "id": owed.id}  # nothing is left of what was there before
        assert [event.data for event in events(owed)] == [{"n": 1}, {**state, "id": owed.id}]


@pytest.mark.parametrize("owes", [True, False])
async def test_a_document_is_the_same_as_if_it_were_changed_alone(stores: Stores, owes: bool) -> None:
    store = await stores.open()
    for _ in range(MARKS + 3):
        await asyncio.gather(*(store.change("thing", id, counted(owes)) for id in "ab"))
        await store.change("thing", "alone", counted(owes))

    together, _, alone = (await rows(store)).values()

    assert {key: type(value) for key, value in together.items()} == {key: type(value) for key, value in alone.items()}
    assert together["state"] == alone["state"]
    assert [len(each["marks"]) for each in (together, alone)] == [MARKS, MARKS]
    assert together["marks"][-1].startswith(f"{together['sequence']}/")
    for row in (together, alone):
        assert [event["id"] for event in row["outbox"]] == sorted({event["id"] for event in row["outbox"]})
        assert row.get("outbox_since") == (row["outbox"][0]["since"] if owes else None)
        assert row.get("last_event", {}).get("id") == (row["outbox"][-1]["id"] if owes else None)


async def test_one_is_stale_and_one_owes_too_much_and_the_others_are_saved(stores: Stores) -> None:
    store, other = await stores.open(), await stores.open()
    for _ in range(MOST_OWED):
        await store.change("thing", "full", counted())
    for id in ("fine", "silent", "stale"):
        await store.change("thing", id, saved({"n": 1}))
    seen = {id: found for id in ("full", "fine", "silent", "stale") if (found := await store.get("thing", id))}
    await other.change("thing", "stale", saved({"n": 70}))
    stores.statements.sent.clear()

    def owing(before: int | None) -> tuple[int, Any]:
        return (before or 0) + 1, draft(n=before)

    done = await asyncio.gather(
        *(
            store.change(
                "thing",
                id,
                deciding(one_more if id == "silent" else owing, (at.sequence, at.state["n"])),
                expected=at.sequence,
            )
            for id, at in seen.items()
        ),
        store.change("thing", "new", deciding(one_more, (0, None))),
        return_exceptions=True,
    )

    assert stores.statements.sent[:3] == ["insert", "update", "find"]
    assert {id: type(each) for id, each in zip(seen, done, strict=False) if isinstance(each, Exception)} == {
        "full": Busy,
        "stale": Stale,
    }
    assert {id: row["state"]["n"] for id, row in (await rows(store)).items()} == {
        "full": MOST_OWED,
        "fine": 2,
        "silent": 2,
        "stale": 70,
        "new": 1,
    }


async def test_a_document_that_has_the_sequence_of_another_one_is_not_taken_for_it(stores: Stores) -> None:
    store = await stores.open()
    for id in "ab":
        await store.change("thing", id, saved({"n": 1}))
    stale, fine = [found.sequence for id in "ab" if (found := await store.get("thing", id))]
    assert store._database is not None
    await store._database["thing"].update_one({"_id": "a"}, {"$set": {"sequence": fine, "state": {"n": 70}}})
    stores.statements.sent.clear()

    known = {"a": stale, "b": fine}
    changes = (store.change("thing", id, deciding(one_more, (at, 1)), expected=at) for id, at in known.items())
    done = await asyncio.gather(*changes, return_exceptions=True)

    assert stores.statements.sent[:2] == ["update", "find"]
    assert [type(each) for each in done if isinstance(each, Exception)] == [Stale]
    assert [row["state"]["n"] for row in (await rows(store)).values()] == [70, 2]


async def test_one_that_would_grow_too_large_at_the_server_holds_no_other_up(stores: Stores) -> None:
    store = await stores.open()
    for id in "abc":
        await store.change("thing", id, saved({"n": 1}))
    await store.change("thing", "b", lambda _: ({"n": 1}, draft(fill="x" * (6 << 20))))  # stored twice

    changes = {"a": saved_with_event({"n": 2}), "b": saved({"n": 2, "fill": "x" * (5 << 20)}), "c": counted()}
    stores.statements.sent.clear()
    done = await asyncio.gather(*(store.change("thing", *each) for each in changes.items()), return_exceptions=True)

    assert [type(each) for each in done if isinstance(each, Exception)] == [ValueError]
    assert stores.statements.sent[:3] == ["find", "update", "update"]
    found = await rows(store)
    assert [found[id]["state"]["n"] for id in "abc"] == [2, 1, 2]
    assert [len(found[id]["outbox"]) for id in "abc"] == [1, 1, 1]  # also if the first update had changed one


async def test_more_than_one_statement_may_carry_is_saved_all_the_same(stores: Stores) -> None:
    store, ids = await stores.open(), [f"{n:02d}" for n in range(40)]
    await asyncio.gather(*(store.change("thing", id, saved({"n": 1})) for id in ids))

    await asyncio.gather(*(store.change("thing", id, saved({"n": 2, "fill": "x" * 700_000})) for id in ids))

    assert [row["state"]["n"] for row in (await rows(store)).values()] == [2] * 40
