"""A MongoDB server that is killed, frozen or missing: StoreAway within the limit, and work resumes by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from shared.adapters.mongo import driver as mongo_driver
from shared.adapters.mongo.gridfs import MongoFiles
from shared.adapters.mongo.store import MongoStore
from shared.clock import machine_seconds
from shared.faults import FilesAway, Misconfigured, StoreAway
from tests.servers.mongo import MongoServer, fresh_database, mongo_server
from tests.support.store_engines import KINDS
from tests.support.store_samples import claimed, counted, saved

Driver = Literal["motor", "pymongo"]
BOTH = pytest.mark.parametrize("driver", ["motor", "pymongo"])
SOON = 20.0  # seconds within which a call must end

pytestmark = [
    pytest.mark.mongo,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.usefixtures("sockets_of_the_driver"),
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MongoServer]:
    with mongo_server(tmp_path / "data") as server:
        yield server


@BOTH
async def test_a_server_killed_under_load_loses_nothing_and_work_resumes(server: MongoServer, driver: Driver) -> None:
    limits = "" if driver == "motor" else "?serverSelectionTimeoutMS=1000&connectTimeoutMS=1000"  # once with our own
    store = MongoStore(f"{fresh_database(server.url)}{limits}", driver=driver)
    await store.open(KINDS)
    acknowledged: dict[str, int] = {}
    failures: list[StoreAway] = []
    enough, resumed = asyncio.Event(), asyncio.Event()

    async def write(writer: int) -> None:
        id = f"t{writer}"
        while acknowledged.get(id, 0) < 40:
            try:
                acknowledged[id] = (await store.change("thing", id, counted())).state["n"]
            except StoreAway as away:
                failures.append(away)
            else:
                enough.set()
                if failures:
                    resumed.set()

    writers = [asyncio.create_task(write(writer)) for writer in range(8)]
    await enough.wait()
    await asyncio.to_thread(server.kill)
    began = machine_seconds()
    with pytest.raises(StoreAway):
        await store.get("thing", "t0")
    with pytest.raises(StoreAway):
        await store.ping()
    assert machine_seconds() - began < SOON
    await asyncio.to_thread(server.start)
    async with asyncio.timeout(60):
        await resumed.wait()
        await asyncio.gather(*writers)

    assert failures
    owed = {each.id: len(each.events) for each in await claimed(store)}
    for id, n in acknowledged.items():
        found = await store.get("thing", id)
        assert found is not None
        assert found.state["n"] >= n
        assert owed[id] == found.state["n"]
    await store.close()


@BOTH
async def test_calls_that_wait_for_each_other_end_together_without_a_server(
    server: MongoServer, driver: Driver
) -> None:
    store = MongoStore(f"{fresh_database(server.url)}?serverSelectionTimeoutMS=2000", driver=driver)
    await store.open(KINDS)
    await store.change("thing", "a", counted())
    await asyncio.to_thread(server.kill)
    began = machine_seconds()

    calls = [store.change("thing", "a", counted()) for _ in range(8)]
    calls += [store.change("thing", f"t{n}", counted()) for n in range(8)]
    failures = await asyncio.gather(*calls, return_exceptions=True)

    assert {type(each) for each in failures} == {StoreAway}
    assert machine_seconds() - began < 8.0  # eight searches one after the other would take sixteen seconds
    await store.close()


@BOTH
async def test_a_frozen_server_raises_store_away_within_the_limit(server: MongoServer, driver: Driver) -> None:
    where = fresh_database(server.url)
    store = MongoStore(f"{where}?socketTimeoutMS=500&serverSelectionTimeoutMS=500", driver=driver)
    await store.open(KINDS)
    await store.change("thing", "a", saved({"n": 1}))

    server.freeze()
    began = machine_seconds()
    with pytest.raises(StoreAway):
        await store.change("thing", "a", saved({"n": 2}))
    assert machine_seconds() - began < SOON
    server.thaw()

    async with asyncio.timeout(30):
        while True:
            try:
                await store.change("thing", "a", saved({"n": 3}))
            except StoreAway:
                continue
            break
    found = await store.get("thing", "a")
    assert found is not None
    assert found.state == {"n": 3}
    await store.close()


@BOTH
async def test_a_frozen_server_blocks_neither_close_nor_the_loop(
    server: MongoServer, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mongo_driver, "CLOSE_SECONDS", 1.0)
    store = MongoStore(fresh_database(server.url), driver=driver)
    await store.open(KINDS)
    await store.change("thing", "a", saved({"n": 1}))
    server.freeze()
    longest, before = 0.0, machine_seconds()

    closing = asyncio.create_task(store.close())
    began = before
    while not closing.done():
        await asyncio.sleep(0.01)
        now = machine_seconds()
        longest, before = max(longest, now - before), now
    server.thaw()

    await closing
    assert before - began < 3.0
    assert longest < 0.9


@BOTH
async def test_opening_without_a_server_raises(driver: Driver) -> None:
    nowhere = "mongodb://127.0.0.1:1/satu_test?serverSelectionTimeoutMS=300"
    store, files = MongoStore(nowhere, driver=driver), MongoFiles(nowhere, driver=driver)

    with pytest.raises(StoreAway):
        await store.open(KINDS)
    with pytest.raises(FilesAway):
        await files.open()
    with pytest.raises(StoreAway):
        await store.get("thing", "a")


@pytest.mark.parametrize(
    "url", ["mongodb://127.0.0.1/", "mongodb://", "mongodb://host:port/name", "mongodb://h/a?w=x;y"]
)
def test_a_bad_url_is_misconfigured(url: str) -> None:
    with pytest.raises(Misconfigured):
        MongoStore(url)
