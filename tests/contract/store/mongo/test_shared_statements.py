"""Changes that travel in one statement to MongoDB: each has a fate of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

import pytest
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent
from typing_extensions import override

from shared.adapters import stored_form
from shared.adapters.mongo.store import MongoStore
from shared.clock import machine_ms
from shared.faults import Stale, StoreAway
from shared.ports.store import OneOf, Owed, State, Store
from tests.contract.store.test_store_values import deciding, one_more
from tests.servers.mongo import fresh_database
from tests.servers.wire import Wire
from tests.support.store_engines import KINDS
from tests.support.store_samples import LEASE, claimed, counted, draft, events, saved

Driver = Literal["motor", "pymongo"]

pytestmark = [
    pytest.mark.mongo,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.usefixtures("sockets_of_the_driver"),
]


class Statements(CommandListener):
    """The names of the commands that were sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    @override
    def started(self, event: CommandStartedEvent) -> None:
        self.sent.append(event.command_name)

    @override
    def succeeded(self, event: CommandSucceededEvent) -> None: ...

    @override
    def failed(self, event: CommandFailedEvent) -> None: ...


class Stores:
    """Opens stores on one empty database, as several processes would."""

    def __init__(self, driver: Driver, url: str) -> None:
        self.driver = driver
        self.url = url
        self.statements = Statements()
        self._open: list[MongoStore] = []

    async def open(self, url: str = "") -> MongoStore:
        store = MongoStore(url or self.url, driver=self.driver)
        store._connection._options["event_listeners"] = [self.statements]
        await store.open(KINDS)
        self._open.append(store)
        self.statements.sent.clear()
        return store

    async def close(self) -> None:
        for store in self._open:
            await store.close()


@pytest.fixture(params=["motor", "pymongo"])
async def stores(request: pytest.FixtureRequest, mongo_url: str) -> AsyncIterator[Stores]:
    stores = Stores(request.param, fresh_database(mongo_url))
    yield stores
    await stores.close()


async def states(store: Store) -> dict[str, State]:
    return {each["_id"]: each["state"] async for each in store.dump("thing")}


async def test_forty_at_once_are_one_statement(stores: Stores) -> None:
    store, ids = await stores.open(), [f"{n:02d}" for n in range(40)]

    async def sent(*calls: Awaitable[Any]) -> list[str]:
        stores.statements.sent.clear()
        await asyncio.gather(*calls)
        return stores.statements.sent

    creates = [deciding(lambda _: (1, draft()), (0, None)) for _ in ids]
    assert await sent(*(store.change("thing", *each) for each in zip(ids, creates, strict=True))) == ["insert"]
    assert await sent(*(store.get("thing", each) for each in ids)) == ["find"]
    seen = {each: found.sequence for each in ids if (found := await store.get("thing", each))}
    assert await sent(*(store.change("thing", each, deciding(one_more, (seen[each], 1))) for each in ids)) == ["update"]
    assert await sent(*(store.change("thing", each, counted()) for each in ids)) == ["find", "update"]
    assert await sent(*(store.put_newer("thing", each, {"n": 9}, "n") for each in ids)) == ["update"]
    owed = await claimed(store)
    assert await sent(store.settle_many([(each, [event.id for event in each.events]) for each in owed])) == ["update"]
    assert await states(store) == {id: {"n": 9} for id in ids}


async def test_settlements_and_changes_are_one_statement_with_fates_of_their_own(stores: Stores) -> None:
    store, other = await stores.open(), await stores.open()
    seen = {id: (await store.change("thing", id, saved({"n": 1}))).sequence for id in "abcd"}
    for id in "ef":
        await store.change("thing", id, deciding(lambda _: (1, draft()), (0, None)))
    owed = await claimed(store)
    done = [(each, [event.id for event in each.events]) for each in owed]

    stores.statements.sent.clear()
    changes = [store.change("thing", id, deciding(one_more, (seen[id], 1))) for id in "ab"]
    await asyncio.gather(store.settle_many(done), *changes)
    assert stores.statements.sent == ["update"]
    assert await store.owed_depth() == 0

    for id in "ef":
        await store.change("thing", id, counted())
    done = [(each, [event.id for event in each.events]) for each in await claimed(store)]
    await other.change("thing", "e", counted())  # owes one more now
    await other.change("thing", "c", saved({"n": 50}))
    _, *told = await asyncio.gather(
        store.settle_many(done),
        *(store.change("thing", id, deciding(one_more, (seen[id], 1)), expected=seen[id]) for id in "cd"),
        return_exceptions=True,
    )
    assert [isinstance(each, Stale) for each in told] == [True, False]
    assert await store.owed_depth() == 1
    (left,) = await claimed(store)
    assert (left.id, len(left.events)) == ("e", 1)


async def test_a_write_that_is_too_late_fails_alone(stores: Stores) -> None:
    store, other = await stores.open(), await stores.open()
    seen = {id: (await store.change("thing", id, saved({"n": 1}))).sequence for id in "abcdef"}
    await other.change("thing", "c", saved({"n": 50}))
    await other.change("thing", "new", saved({"n": 60}))

    done = await asyncio.gather(
        *(store.change("thing", id, deciding(one_more, (seen[id], 1)), expected=seen[id]) for id in "abcdef"),
        *(store.change("thing", id, deciding(one_more, (0, None))) for id in ("new", "newer")),
        return_exceptions=True,
    )

    assert [type(each) for each in done if isinstance(each, BaseException)] == [Stale]
    assert isinstance(done[2], Stale)
    assert await states(store) == {
        **{id: {"n": 2} for id in "abdef"},
        "c": {"n": 50},
        "new": {"n": 61},
        "newer": {"n": 1},
    }


@pytest.mark.parametrize("known", [False, True])
async def test_one_that_cannot_be_stored_holds_no_other_up(stores: Stores, known: bool) -> None:
    store = await stores.open()
    seen = {id: (await store.change("thing", id, counted())).sequence if known else 0 for id in "abcd"}

    def bigger(id: str) -> Callable[[State | None], tuple[State, None]]:
        return lambda before: ({"n": (before or {"n": 0})["n"] + 1, "fill": "x" * (17 << 20 if id == "c" else 5)}, None)

    done = await asyncio.gather(*(store.change("thing", id, bigger(id)) for id in seen), return_exceptions=True)

    assert [type(each) for each in done if isinstance(each, BaseException)] == [ValueError]
    n = 2 if known else 1
    assert {id: state["n"] for id, state in (await states(store)).items() if id != "c"} == dict.fromkeys("abd", n)


async def test_two_replicas_that_stamp_the_same_sequence_lose_no_change(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await stores.open(), await stores.open()
    ids = [f"{n:02d}" for n in range(20)]
    seen = {id: (await one.change("thing", id, saved({"n": 1}))).sequence for id in ids}
    later = machine_ms() + 1000
    monkeypatch.setattr(stored_form, "machine_ms", lambda: later)

    def more(id: str) -> Any:  # noqa: ANN401 - a decision
        return deciding(lambda before: ((before or 0) + 1, draft(n=before)), (seen[id], 1))

    done = await asyncio.gather(*(store.change("thing", id, more(id)) for store in (one, other) for id in ids))

    assert {each.sequence for each in done} == {later, later + 1}
    assert await states(one) == {id: {"n": 3} for id in ids}
    owed = await claimed(one)
    assert [[event.data["n"] for event in events(each)] for each in owed] == [[1, 2]] * 20


async def test_many_replicas_count_every_change_once(stores: Stores) -> None:
    replicas = [await stores.open() for _ in range(4)]

    async def count(store: Store, id: str) -> None:
        for _ in range(8):
            await store.change("thing", id, counted(owes=False))

    await asyncio.gather(*(count(store, id) for store in replicas for id in "abc"))

    assert await states(replicas[0]) == {id: {"n": 32} for id in "abc"}


async def test_a_statement_whose_answer_is_lost_is_repeated_without_a_second_effect(stores: Stores) -> None:
    """Its writes were applied; the events are published once, after the lease of the lost statement is released."""
    beside = await stores.open()
    for id in "abcd":
        await beside.change("thing", id, saved({"n": 1}))
    at = urlsplit(stores.url)
    wire = Wire(at.port or 27017)
    near = urlunsplit(at._replace(netloc=f"127.0.0.1:{await wire.open()}", query="retryWrites=false"))
    store, handed = await stores.open(near), list[Owed]()
    assert store.hand_over(handed.append, LEASE)

    def two(state: State | None) -> tuple[State, Any] | None:
        return None if state == {"n": 2} else ({"n": 2}, draft(n=2))

    async def change_all() -> list[Any]:
        ids = ["a", "b", "c", "d", "new"]
        return await asyncio.gather(*(store.change("thing", id, two) for id in ids), return_exceptions=True)

    assert await store.get("thing", "nobody") is None  # so that it is connected
    seen = {id: found.sequence for id in "abcd" if (found := await store.get("thing", id))}
    known = [
        asyncio.create_task(store.change("thing", id, deciding(lambda _: (2, draft(n=2)), (seen[id], 1))))
        for id in "abcd"
    ]
    wire.hold_answers()
    async with asyncio.timeout(30):
        while {"n": 1} in (await states(beside)).values():
            pass
    wire.cut()
    wire.release()

    lost = await asyncio.gather(*known, return_exceptions=True)
    assert [type(each) for each in lost] == [StoreAway] * 4
    assert handed == []
    assert [type(each) for each in await change_all() if isinstance(each, Exception)] == []
    assert await states(beside) == {id: {"n": 2} for id in ("a", "b", "c", "d", "new")}
    owed = await claimed(store)
    assert sorted(each.id for each in owed) == ["a", "b", "c", "d", "new"]
    assert [len(each.events) for each in owed] == [1] * 5
    await store.close()
    await wire.close()


async def test_a_query_for_ids_shares_the_statement_of_those_who_load_them(stores: Stores) -> None:
    store = await stores.open()
    for id in "abc":
        await store.change("thing", id, saved({"n": ord(id)}))
    stores.statements.sent.clear()

    page, found, none = await asyncio.gather(
        store.find("thing", {"_id": OneOf(["c", "a", "x", "a"])}),
        store.get("thing", "b"),
        store.find("thing", {"_id": OneOf([])}),
    )

    assert [(each.id, each.state) for each in page.documents] == [("a", {"n": 97}), ("c", {"n": 99})]
    assert (page.after, none.documents) == (None, [])
    assert found is not None
    assert stores.statements.sent == ["find"]
    limited = await store.find("thing", {"_id": OneOf(["a", "b", "c"])}, limit=2)
    assert ([each.id for each in limited.documents], limited.after is None) == (["a", "b"], False)
