"""The contract of `shared.ports.store.Store` when a write is applied and its answer is lost.

For every method that writes, the answer of its first, second … write is lost in turn. The caller sees a success or
StoreAway; after a repeat the store is as if nothing had happened: nothing is owed twice, nothing is lost.
"""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest

from shared.adapters.mongo.store import MongoStore
from shared.faults import Stale, StoreAway
from shared.ports.store import Change, Decision, Owed, State, Store
from tests.servers.mongo import fresh_database
from tests.support.faults.lost_answers import Loss, lossy, lossy_connections
from tests.support.store_engines import KINDS, EngineName, store_at
from tests.support.store_samples import LEASE, claimed, draft, events, settled

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.usefixtures("sockets_of_the_driver"),
]

READS = {"get", "find", "scan", "dump", "oldest_owed", "owed_depth", "last_event"}
LOCAL = {"on_owed", "hand_over", "close"}  # they call no engine, or write nothing
MOST_WRITES = 20  # of one call

Call = Callable[[Store], Awaitable[Any]]


def becomes(n: int) -> Callable[[State | None], Decision]:
    """Decides to be at `n`, with an event; nothing if it is: as every decision that may be repeated, it looks first."""
    return lambda state: None if state == {"n": n} else ({"n": n}, draft(n=n))


async def change(store: Store, id: str = "a", n: int = 1) -> None:
    await store.change("thing", id, becomes(n))


async def change_of_version(store: Store) -> None:
    """As a caller with If-Match: after a lost answer the repeat is stale, and the caller reads again."""
    found = await store.get("thing", "a")
    assert found is not None
    try:
        await store.change("thing", "a", becomes(2), expected=found.sequence if found.state["n"] == 1 else 1)
    except Stale:
        again = await store.get("thing", "a")
        assert again is not None
        assert again.state == {"n": 2}


async def change_three(store: Store) -> None:
    for each in await store.change_many([Change("thing", id, becomes(2)) for id in "abc"]):
        if isinstance(each, Exception):
            raise each


async def nothing(_: Store) -> None:
    """No preparation."""


async def one_owed(store: Store) -> None:
    await change(store)


async def one_settled(store: Store) -> None:
    await change(store)
    await settled(store)


async def two_owed(store: Store) -> None:
    await change(store)
    await change(store, n=2)


async def two_leased(store: Store) -> None:
    await two_owed(store)
    LEASED[store] = await claimed(store)


async def three_documents(store: Store) -> None:
    for id in "abc":
        await change(store, id)


async def three_leased(store: Store) -> None:
    await three_documents(store)
    LEASED[store] = await claimed(store)


async def claim(store: Store) -> list[tuple[str, list[Any]]]:
    return sorted((each.id, [event.data for event in events(each)]) for each in await store.claim_owed(10, LEASE))


async def put(store: Store, n: int = 1) -> State:
    return (await store.put_newer("thing", "a", {"n": n}, "n")).state


async def settle(store: Store, most: int) -> None:
    """Settle the oldest events of what this caller has leased."""
    for owed in LEASED[store]:
        await store.settle(owed, [each.id for each in owed.events[:most]])


async def settle_together(store: Store) -> None:
    await store.settle_many([(owed, [each.id for each in owed.events]) for owed in LEASED[store]])


LEASED: WeakKeyDictionary[Store, list[Owed]] = WeakKeyDictionary()
"""By store, what the preparation has leased."""


async def load(store: Store) -> None:
    stored = {"schema": 1, "sequence": 7, "state": {"n": 9}, "outbox": [], "last_event": None, "outbox_since": None}
    await store.load("thing", [{"_id": id, **stored} for id in "ab"])


async def owe_again(store: Store, *, anew: bool) -> bool:
    return await store.owe_again("thing", "a", anew=anew)


@dataclass(frozen=True)
class Case:
    """A method of the store in one situation."""

    method: str
    prepare: Call
    call: Call


CASES = {
    "a document is created": Case("change", nothing, change),
    "a document is changed": Case("change", one_owed, partial(change, n=2)),
    "a known version is changed": Case("change", one_owed, change_of_version),
    "three are changed in one go": Case("change_many", three_documents, change_three),
    "what is newer is put": Case("put_newer", put, partial(put, n=2)),
    "what does not exist is put": Case("put_newer", nothing, put),
    "nothing changes": Case("change", one_owed, change),
    "three are claimed": Case("claim_owed", three_documents, claim),
    "all is settled": Case("settle", two_leased, partial(settle, most=2)),
    "three documents are settled in one go": Case("settle_many", three_leased, settle_together),
    "a part is settled": Case("settle", two_leased, partial(settle, most=1)),
    "nothing is settled": Case("settle", two_leased, partial(settle, most=0)),
    "a settled event is owed again": Case("owe_again", one_settled, partial(owe_again, anew=False)),
    "an owed event is owed again": Case("owe_again", one_owed, partial(owe_again, anew=False)),
    "a settled event is owed anew": Case("owe_again", one_settled, partial(owe_again, anew=True)),
    "an owed event is owed anew": Case("owe_again", one_owed, partial(owe_again, anew=True)),
    "the last of two owed events is owed anew": Case("owe_again", two_owed, partial(owe_again, anew=True)),
    "documents are loaded": Case("load", one_owed, load),
    "a document is erased": Case("erase", one_owed, lambda store: store.erase("thing", "a")),
    "documents are kept": Case("keep", one_owed, lambda store: store.keep("thing", {"a": {"n": 5}, "b": {"n": 5}})),
    "the engine is asked": Case("ping", nothing, lambda store: store.ping()),
    "a store is opened": Case("open", nothing, lambda store: store.open(KINDS)),
}


WRITES_NOTHING = {"nothing changes", "an owed event is owed again"}


@dataclass
class Engines:
    """Makes stores on empty databases, each with a loss below it."""

    name: EngineName
    where: Callable[[], str]
    loss: Loss

    @asynccontextmanager
    async def store(self, case: Case) -> AsyncIterator[Store]:
        """A store that is prepared for the case; not open if the case is to open it."""
        self.loss.disarm()
        store = store_at(self.name, self.where())
        if isinstance(store, MongoStore):
            lossy(store, self.loss)
        if case.method != "open":
            await store.open(KINDS)
        await case.prepare(store)
        yield store
        await store.close()


@pytest.fixture(
    params=["sqlite", pytest.param("motor", marks=pytest.mark.mongo), pytest.param("pymongo", marks=pytest.mark.mongo)]
)
def engines(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engines:
    loss, numbers = Loss(), count()
    if request.param == "sqlite":
        monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=lossy_connections(loss)))
        return Engines("sqlite", lambda: str(tmp_path / f"{next(numbers)}.sqlite"), loss)
    server: str = request.getfixturevalue("mongo_url")
    return Engines(request.param, lambda: fresh_database(server), loss)


async def end_state(store: Store) -> dict[str, Any]:
    """Every document with what it owes, without sequences and times; each owed event stands under an id of its own, and
    the last event is that of the present sequence."""
    found: dict[str, Any] = {}
    async for stored in store.dump("thing"):
        ids = [each["id"] for each in stored["outbox"]]
        assert len(set(ids)) == len(ids)
        last = stored["last_event"]
        assert last is None or last["id"].endswith(f"{stored['sequence']:016d}")
        owed = [each["body"].partition('"data":')[2] for each in stored["outbox"]]
        found[stored["_id"]] = (stored["state"], owed, last and last["body"].partition('"data":')[2])
    return found


async def result(store: Store, case: Case) -> tuple[Any, dict[str, Any]]:
    return await case.call(store), await end_state(store)


@pytest.mark.parametrize("name", CASES)
async def test_after_a_lost_answer_a_repeat_gives_the_state_of_one_call(engines: Engines, name: str) -> None:
    case, lost = CASES[name], 0
    async with engines.store(case) as store:
        wanted = await result(store, case)
    for number in range(1, MOST_WRITES):
        async with engines.store(case) as store:
            engines.loss.arm(number)
            try:
                done = await case.call(store)
            except StoreAway:
                engines.loss.disarm()
                done = await case.call(store)
            engines.loss.disarm()
            assert (done, await end_state(store)) == wanted, f"the answer of write {number} was lost"
        if not engines.loss.happened:
            break
        lost += 1
    assert not engines.loss.happened, "more writes than expected"
    assert lost or name in WRITES_NOTHING


def test_every_method_that_writes_has_a_case() -> None:
    methods = {name for name, _ in inspect.getmembers(Store, inspect.isfunction) if not name.startswith("_")}

    assert {case.method for case in CASES.values()} == methods - READS - LOCAL
