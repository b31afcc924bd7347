"""The contract of `shared.ports.store.Documents.change_many`: many changes in one go, each with a fate of its own."""

from __future__ import annotations

from pydantic import BaseModel

from shared.faults import Conflict, NotFound, Stale, StoreAway
from shared.ports.store import Change, Document, State, Store
from shared.storage.repository import Amendment, Repository, Versioned
from tests.support.store_engines import THING, Engine
from tests.support.store_samples import claimed, counted, refused, saved


class Thing(BaseModel):
    n: int
    region: str = "61.12"


def fates(done: list[Document | Exception]) -> list[object]:
    return [type(each) if isinstance(each, Exception) else each.state for each in done]


async def test_each_change_is_made_and_answered_in_the_order_of_the_call(store: Store) -> None:
    done = await store.change_many([Change("thing", f"{n:03d}", saved({"n": n})) for n in range(100)])

    assert fates(done) == [{"n": n} for n in range(100)]
    page = await store.find("thing", {}, limit=200)
    assert [(each.id, each.state) for each in page.documents] == [(f"{n:03d}", {"n": n}) for n in range(100)]


async def test_a_change_that_fails_undoes_only_itself(store: Store) -> None:
    seen = await store.change("thing", "c", saved({"n": 1}))
    await store.change("thing", "c", saved({"n": 2}))

    def nothing(_: State | None) -> None:
        return None

    done = await store.change_many(
        [
            Change("thing", "a", counted()),
            Change("thing", "b", refused(Conflict("no"))),
            Change("thing", "c", saved({"n": 9}), expected=seen.sequence),
            Change("thing", "d", nothing),
            Change("other", "e", counted()),
        ]
    )

    assert fates(done) == [{"n": 1}, Conflict, Stale, NotFound, {"n": 1}]
    found = await store.get("thing", "c")
    assert found is not None
    assert found.state == {"n": 2}
    assert sorted(each.id for each in await claimed(store)) == ["a", "e"]


async def test_those_who_wait_for_owed_events_are_told(store: Store) -> None:
    told: list[bool] = []
    store.on_owed(lambda: told.append(True))

    await store.change_many([Change("thing", "a", counted(owes=False))])
    assert told == []
    await store.change_many([Change("thing", "a", counted()), Change("thing", "b", counted(owes=False))])
    assert told


async def test_a_closed_store_is_the_fate_of_each(engine: Engine) -> None:
    store = await engine.open()
    await store.close()

    done = await store.change_many([Change("thing", name, counted()) for name in "ab"])

    assert fates(done) == [StoreAway, StoreAway]


async def test_many_typed_values_are_created_and_amended(store: Store) -> None:
    things = Repository(store, THING, Thing, "Tidak ada.")
    new = await things.create_many({"a": Thing(n=1), "b": Thing(n=2)})
    again = await things.create_many({"a": Thing(n=7)})
    known = [each for each in new if isinstance(each, Versioned)]
    await things.amend("b", None, lambda _: (Thing(n=50), None))  # the second one is no longer what is stored

    amended = await things.amend_many(
        [Amendment(each, lambda before: (Thing(n=before.n + 1, region="61.71"), None)) for each in known]
    )

    values = [each.value.n for each in (*new, *again, *amended) if isinstance(each, Versioned)]
    assert values == [1, 2, 1, 2, 51]
    assert len((await things.list({"region": "61.71"}, limit=9, after=None)).items) == 2
