"""The contract of `shared.ports.store.Documents`: find and scan."""

from __future__ import annotations

import base64
import json
import random
import tracemalloc
from collections.abc import Mapping
from typing import Any

import pytest

from shared.adapters.kinds import DeclaredKinds
from shared.faults import Invalid, NewerSchema
from shared.ports.store import ID, Index, Kind, OneOf, Prefix, Range, Sort, State, Store
from tests.support.store_engines import THING, Engine
from tests.support.store_samples import saved

PEOPLE: dict[str, State] = {
    "a": {"region": "61.12", "year": 2026, "place": {"name": "Kubu"}, "open": True},
    "b": {"region": "61.12", "year": 2025, "place": {"name": "Kubu Raya"}, "open": False},
    "c": {"region": "61.71", "year": 2026, "place": {"name": "Kubür"}, "open": True},
    "d": {"region": "61.71", "year": None, "place": {}},
    "e": {"region": "64.09", "year": 2024.5, "place": {"name": "kubu"}, "open": False},
}


def rows(states: Mapping[str, State]) -> list[State]:
    """Documents in stored form, to load many at once."""
    return [
        {"_id": id, "schema": 1, "sequence": 1, "state": state, "outbox": [], "last_event": None, "outbox_since": None}
        for id, state in states.items()
    ]


async def found(store: Store, where: Mapping[str, Any], sort: Sort = ()) -> str:
    page = await store.find("thing", where, sort=sort)
    assert page.after is None
    return "".join(document.id for document in page.documents)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, "abcde"),
        ({"region": "61.12"}, "ab"),
        ({"region": "61.12", "year": 2026}, "a"),
        ({"open": True}, "ac"),
        ({"open": False}, "be"),
        ({"open": None}, "d"),
        ({"year": None}, "d"),
        ({ID: "c"}, "c"),
        ({ID: OneOf(["e", "a", "z"])}, "ae"),
        ({ID: Range(least="b", below="d")}, "bc"),
        ({"region": OneOf(["61.71", "64.09"])}, "cde"),
        ({"region": OneOf([])}, ""),
        ({"year": OneOf([None, 2025])}, "bd"),
        ({"region": Prefix("61.")}, "abcd"),
        ({"region": Prefix("6_")}, ""),
        ({"region": Prefix("")}, "abcde"),
        ({"place.name": Prefix("Kub")}, "abc"),
        ({"place.name": Prefix("Kubu")}, "ab"),
        ({"place.name": Prefix("Kubü")}, "c"),
        ({"place.name": None}, "d"),
        ({"year": Range(least=2025)}, "abc"),
        ({"year": Range(below=2026)}, "be"),
        ({"year": Range(least=2024, most=2025)}, "be"),
        ({"year": Range()}, "abcde"),
        ({"place.name": Range(least="Kubu Raya", most="kubu")}, "bce"),
    ],
)
async def test_conditions(store: Store, where: Mapping[str, Any], expected: str) -> None:
    await store.load("thing", rows(PEOPLE))

    assert await found(store, where) == expected
    assert "".join([row.id async for row in store.scan("thing", where, [])]) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (((ID, -1),), "edcba"),
        ((("year", 1),), "debac"),
        ((("year", -1),), "cabed"),
        ((("region", -1), ("year", 1)), "edcba"),
        ((("place.name", 1),), "dabce"),
        ((("region", 1), (ID, -1)), "badce"),
    ],
)
async def test_orders(store: Store, sort: Sort, expected: str) -> None:
    await store.load("thing", rows(PEOPLE))

    assert await found(store, {}, sort) == expected
    paged, after = "", None
    for _ in range(5):
        page = await store.find("thing", {}, sort=sort, limit=1, after=after)
        paged, after = paged + page.documents[0].id, page.after
    assert (paged, after) == (expected, None)


def following(documents: Mapping[str, State], sort: Sort) -> list[str]:
    """The expected order of ids, computed in plain Python."""
    ids = sorted(documents, reverse=bool(sort) and sort[-1][1] < 0)
    for path, direction in reversed(sort):

        def key(id: str, path: str = path) -> tuple[bool, Any]:
            value = documents[id][path]
            return value is not None, value or 0

        ids.sort(key=key, reverse=direction < 0)
    return ids


async def test_pages_of_any_size_in_any_order_give_every_document_once(store: Store) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    dice = random.Random(seed)
    documents = {
        f"{dice.randrange(10**6):06d}": {
            "region": dice.choice(["61.12", "61.71", "64.09", None]),
            "year": dice.choice([None, 2024, 2025, 2026, 2026.5]),
        }
        for _ in range(60)
    }
    await store.load("thing", rows(documents))

    for _ in range(12):
        sort = [(path, dice.choice([1, -1])) for path in dice.sample(["region", "year"], dice.randrange(3))]
        limit, paged, after, more = dice.randrange(1, 25), [], None, True
        while more:
            page = await store.find("thing", {}, sort=sort, limit=limit, after=after)
            paged += [document.id for document in page.documents]
            after, more = page.after, page.after is not None
        assert paged == following(documents, sort)


async def test_the_last_page_has_no_cursor_even_when_full(store: Store) -> None:
    await store.load("thing", rows(PEOPLE))

    assert (await store.find("thing", {}, limit=5)).after is None
    assert (await store.find("thing", {}, limit=4)).after is not None
    assert (await store.find("other", {}, limit=1)).documents == []


async def test_only_declared_paths_can_be_queried(store: Store) -> None:
    for query in ({"name": "x"}, {"place": {}}, {"sequence": 1}):
        with pytest.raises(ValueError, match="declared"):
            await store.find("thing", query)
        with pytest.raises(ValueError, match="declared"):
            _ = [row async for row in store.scan("thing", query, [])]
    with pytest.raises(ValueError, match="declared"):
        await store.find("thing", {}, sort=[("name", 1)])
    with pytest.raises(ValueError, match="1 or -1"):
        await store.find("thing", {}, sort=[("year", 2)])


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "é",
        "====",
        packed({}),
        packed([[["_id", 1]], []]),
        packed([[["_id", 1]], [5]]),
        packed([[["_id", 1]], ["\ud800"]]),
        packed([[["_id", 1]], [{"$gt": ""}]]),
        packed([[["year", 1], ["_id", 1]], [2**80, "a"]]),
        packed([[["_id", -1]], ["a"]]),
        "W" * 5000,
    ],
)
async def test_an_unknown_cursor_is_invalid(store: Store, cursor: str) -> None:
    with pytest.raises(Invalid) as caught:
        await store.find("thing", {}, after=cursor)

    assert [(flaw.field, flaw.code) for flaw in caught.value.flaws] == [("after", "bad-cursor")]


async def test_a_cursor_of_another_sort_is_invalid(store: Store) -> None:
    await store.load("thing", rows(PEOPLE))
    page = await store.find("thing", {}, sort=[("year", 1)], limit=2)

    with pytest.raises(Invalid):
        await store.find("thing", {}, sort=[("year", -1)], limit=2, after=page.after)


async def test_a_scan_yields_the_requested_fields_in_the_order_of_ids(store: Store) -> None:
    await store.load("thing", rows(PEOPLE))

    slim = [row async for row in store.scan("thing", {"region": "61.12"}, ["place.name", "place", "open", "no.such"])]

    assert [(row.id, row.sequence) for row in slim] == [("a", 1), ("b", 1)]
    assert slim == [
        {"place.name": "Kubu", "place": {"name": "Kubu"}, "open": True, "no.such": None},
        {"place.name": "Kubu Raya", "place": {"name": "Kubu Raya"}, "open": False, "no.such": None},
    ]
    assert repr(slim[0]["open"]) == "True"


async def test_a_scan_keeps_a_field_that_is_named_like_the_sequence(store: Store) -> None:
    await store.load("thing", rows({"a": {"region": "61.12", "sequence": 7}}))

    (row,) = [row async for row in store.scan("thing", {}, ["sequence"])]

    assert (row.id, row.sequence, row["sequence"]) == ("a", 1, 7)


async def test_a_scan_of_many_documents_uses_constant_memory(store: Store, engine: Engine) -> None:
    many, filler = engine.features.many, "x" * 8000  # 8 MB and more in all
    for start in range(0, many, 500):
        states = {f"{n:05d}": {"region": "61.12", "year": n, "filler": filler} for n in range(start, start + 500)}
        await store.load("thing", rows(states))
    tracemalloc.start()
    try:
        total = 0
        async for row in store.scan("thing", {"region": "61.12"}, ["year"]):
            total += row["year"]
        _, slim = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        dumped = 0
        async for stored in store.dump("thing"):
            dumped += len(stored["state"]["filler"])
        _, whole = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert total == sum(range(many))
    assert dumped == many * len(filler)
    assert slim < 2_000_000  # bytes
    assert whole < 7_000_000


async def test_an_older_schema_is_upcast_on_load(engine: Engine) -> None:
    old = await engine.open()
    await old.change("thing", "a", saved({"region": "61.12", "name": "x"}))
    newer = Kind(
        "thing",
        schema=3,
        indexes=(Index(("region", "year")),),
        upcasts={
            1: lambda state: {"region": state["region"], "called": state["name"]},
            2: lambda state: {**state, "called": state["called"].upper()},
        },
    )
    store = await engine.open(newer)
    lifted = {"region": "61.12", "called": "X"}

    document = await store.get("thing", "a")
    assert document is not None
    assert document.state == lifted
    assert (await store.find("thing", {"region": "61.12"})).documents == [document]
    assert [row["called"] async for row in store.scan("thing", {}, ["called"])] == ["X"]
    unchanged = await store.change("thing", "a", lambda _: None)
    assert unchanged.state == lifted
    seen: list[State | None] = []
    await store.change("thing", "a", lambda state: (seen.append(state), (state or {}, None))[1])
    assert seen == [lifted]

    with pytest.raises(NewerSchema):
        await old.get("thing", "a")


def test_a_kind_without_an_upcast_raises() -> None:
    with pytest.raises(ValueError, match="no upcast"):
        DeclaredKinds([Kind("thing", schema=2)])


async def test_opening_again_keeps_the_documents_and_adds_new_kinds(engine: Engine) -> None:
    first = await engine.open()
    await first.load("thing", rows(PEOPLE))

    second = await engine.open(THING, Kind("later", indexes=(Index(("x.y",)),)))

    assert await found(second, {"region": "61.12"}) == "ab"
    await second.change("later", "l", saved({"x": {"y": 1}}))
    assert [document.id for document in (await second.find("later", {"x.y": 1})).documents] == ["l"]
