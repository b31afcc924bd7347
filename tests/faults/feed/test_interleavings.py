"""Any interleaving of changes, redeliveries, writers that end or are stopped anywhere, and readers: whoever follows
cursors, with any selection and page size, ends with the present."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.feed.kinds import KINDS
from services.feed.latest import writer
from shared.ports.store import Store
from tests.servers.mongo import fresh_database
from tests.support.feed.interleaving import Interleaving
from tests.support.store_engines import EngineName, store_at

SOAKS = bool(os.environ.get("SOAK_SECONDS"))
CASES: dict[EngineName, int] = {"sqlite": 10_000 if SOAKS else 60, "motor": 1_000 if SOAKS else 10}
STEPS = 80

ENGINES = ["sqlite", pytest.param("motor", marks=pytest.mark.mongo)]


@pytest.fixture(params=ENGINES)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    where = str(tmp_path / "feed.sqlite")
    if request.param != "sqlite":
        where = fresh_database(request.getfixturevalue("mongo_url"))
    each = store_at(request.param, where)
    await each.open(KINDS)
    yield each
    await each.close()


@pytest.mark.timeout(7200 if SOAKS else 120)
@pytest.mark.sampled(1)
async def test_whoever_follows_cursors_ends_with_the_present(
    store: Store, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MARK_AFTER", 0.0)
    first = int(os.environ.get("FEED_SEED", random.getrandbits(32)))
    for seed in range(first, first + CASES[request.node.callspec.params["store"]]):
        case = Interleaving(store, random.Random(seed))
        try:
            await case.run(STEPS)
        except BaseException:
            print(f"repeat it: FEED_SEED={seed}; steps: {case.steps}")
            raise
        for kind in KINDS:
            ids = [document["_id"] async for document in store.dump(kind.name)]
            for id in ids:
                await store.erase(kind.name, id)
