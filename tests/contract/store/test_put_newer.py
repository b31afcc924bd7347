"""The contract of `shared.ports.store.Documents.put_newer`: the newest state wins, in any order and repetition."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.newer import put_by_change
from shared.adapters.sqlite.store import SqliteStore
from shared.ports.store import Document, Index, Kind, State, Store
from tests.support.store_engines import Engine
from tests.support.store_samples import claimed, saved, saved_with_event


def told(number: int, **more: Any) -> State:  # noqa: ANN401 - any state
    return {"heard": number, "region": f"61.{number:02d}", "year": 2000 + number, **more}


async def put(store: Store, number: int, id: str = "a") -> Document:
    return await store.put_newer("thing", id, told(number), "heard")


async def stored(store: Store, id: str = "a") -> State:
    found = await store.get("thing", id)
    assert found is not None
    return found.state


async def test_what_does_not_exist_is_saved(store: Store) -> None:
    new = await put(store, 5)

    found = await store.get("thing", "a")
    assert found is not None
    assert (new.id, new.state, new.changed) == ("a", told(5), True)
    assert (found.sequence, found.state) == (new.sequence, told(5))


async def test_a_newer_state_takes_the_place_of_the_stored_one_under_a_higher_sequence(store: Store) -> None:
    first = await put(store, 5)
    second = await put(store, 6)

    assert (second.state, second.changed) == (told(6), True)
    assert await stored(store) == told(6)
    assert second.sequence > first.sequence


@pytest.mark.parametrize("number", [5, 4])
async def test_a_state_that_is_as_new_or_older_changes_nothing(store: Store, number: int) -> None:
    first = await put(store, 5)
    same = await store.put_newer("thing", "a", told(number, other=1), "heard")

    assert (same.sequence, same.state, same.changed) == (first.sequence, told(5), False)
    assert await stored(store) == told(5)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_in_any_order_at_the_same_time_it_ends_as_one_after_another(store: Store, seed: int) -> None:
    shuffled = random.Random(seed)
    numbers = [shuffled.randint(1, 30) for _ in range(40)]

    await asyncio.gather(*(put(store, number, shuffled.choice("ab")) for number in numbers))
    await asyncio.gather(put(store, 31, "a"), put(store, 31, "b"))
    await asyncio.gather(*(put(store, number, shuffled.choice("ab")) for number in numbers))

    assert (await stored(store, "a"), await stored(store, "b")) == (told(31), told(31))


async def test_it_is_found_by_its_new_values_only(store: Store) -> None:
    await put(store, 5)
    await put(store, 6)

    assert not (await store.find("thing", {"region": "61.05"})).documents
    assert [each.id for each in (await store.find("thing", {"region": "61.06", "year": 2006})).documents] == ["a"]


@pytest.mark.parametrize("path", ["year", "place.heard"])
async def test_the_number_may_be_an_index_path_or_within_a_field(store: Store, path: str) -> None:
    def at(number: int) -> State:
        return {"year": number, "place": {"heard": number, "name": f"n{number}"}}

    for number in (2, 1, 3, 2):
        await store.put_newer("thing", "a", at(number), path)

    assert await stored(store) == at(3)


@pytest.mark.parametrize("number", [None, "7", True, 1.5])
async def test_a_state_without_a_number_is_refused(store: Store, number: object) -> None:
    with pytest.raises(ValueError, match="heard"):
        await store.put_newer("thing", "a", {"heard": number}, "heard")
    with pytest.raises(ValueError, match="heard"):
        await store.put_newer("thing", "a", {}, "heard")
    assert await store.get("thing", "a") is None


async def test_a_state_that_no_store_keeps_is_refused(store: Store) -> None:
    for value in (float("nan"), 2**63, {1: 1}, "\ud800"):
        with pytest.raises(ValueError, match="state"):
            await store.put_newer("thing", "a", {"heard": 1, "value": value}, "heard")
    assert await store.get("thing", "a") is None


async def test_a_stored_state_without_a_number_is_older(store: Store) -> None:
    await store.change("thing", "a", saved({"n": 1}))
    await put(store, 1)

    assert await stored(store) == told(1)


async def test_what_a_document_owes_stays_owed(store: Store) -> None:
    await store.change("thing", "a", saved_with_event({"heard": 1}))
    await put(store, 2)

    [owed] = await claimed(store)
    assert len(owed.events) == 1
    assert await store.owe_again("thing", "a")


async def test_a_change_sees_what_was_put_and_a_put_what_was_changed(store: Store) -> None:
    await put(store, 5)
    changed = await store.change("thing", "a", lambda state: ({**(state or {}), "heard": 9, "n": 1}, None))
    same = await put(store, 8)

    assert (changed.state["region"], same.state, same.changed) == ("61.05", changed.state, False)


async def test_a_state_of_a_former_schema_is_compared_as_it_is_now(engine: Engine) -> None:
    former = await engine.open(Kind("thing"))
    for id, number in (("older", 4), ("newer", 6)):
        await former.change("thing", id, saved({"was_heard": number}))

    def lifted(state: State) -> State:
        return {"heard": state["was_heard"]}

    store = await engine.open(Kind("thing", schema=2, upcasts={1: lifted}, indexes=(Index(("region",)),)))
    for id in ("older", "newer"):
        await put(store, 5, id)

    assert (await stored(store, "older"), await stored(store, "newer")) == (told(5), {"heard": 6})


@pytest.mark.parametrize("seed", range(5))
async def test_the_short_way_ends_as_the_way_by_a_change(tmp_path: Path, seed: int) -> None:
    shuffled = random.Random(seed)
    kind = Kind("thing", indexes=(Index(("region", "year")),))
    short, plain = SqliteStore(tmp_path / "short.sqlite"), SqliteStore(tmp_path / "plain.sqlite")
    for store in (short, plain):
        await store.open((kind,))

    for _ in range(60):
        id, number = shuffled.choice("abc"), shuffled.randint(1, 20)
        one = await short.put_newer("thing", id, told(number), "heard")
        other = await put_by_change(plain, "thing", id, told(number), "heard")
        assert (one.id, one.state, one.changed) == (other.id, other.state, other.changed)

    for where in ({}, {"region": "61.20"}, {"region": "61.19", "year": 2019}):
        found = [(await one.find("thing", where)).documents for one in (short, plain)]
        ends = [[(each.id, each.state) for each in documents] for documents in found]
        assert ends[0] == ends[1]
    for store in (short, plain):
        await store.close()
