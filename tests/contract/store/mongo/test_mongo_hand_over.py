"""Events handed over by a MongoDB store: unknown fates, and how rarely it looks for others' events."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.adapters.mongo import owing
from shared.adapters.mongo.store import MongoStore
from shared.clock import machine_seconds
from shared.faults import StoreAway
from shared.ports.store import Owed
from tests.servers.mongo import fresh_database
from tests.support.faults.lost_answers import Loss, lossy
from tests.support.store_engines import KINDS
from tests.support.store_samples import LEASE, claimed, counted, saved_with_event

pytestmark = [pytest.mark.mongo, pytest.mark.usefixtures("sockets_of_the_driver")]


class Losing:
    """A store that may lose answers, what it has handed over, and another process's store on the same database."""

    def __init__(self, driver: str, url: str) -> None:
        self.handed: list[Owed] = []
        self.nudges = 0
        self.loss = Loss()
        self.store = MongoStore(url, driver="motor" if driver == "motor" else "pymongo")
        self.other = MongoStore(url)
        lossy(self.store, self.loss)
        self.store.on_owed(self.nudge)
        assert self.store.hand_over(self.handed.append, LEASE)

    def nudge(self) -> None:
        self.nudges += 1


@pytest.fixture(params=["motor", "pymongo"])
async def losing(request: pytest.FixtureRequest, mongo_url: str) -> AsyncIterator[Losing]:
    losing = Losing(request.param, fresh_database(mongo_url))
    await losing.store.open(KINDS)
    await losing.other.open(KINDS)
    yield losing
    await losing.store.close()
    await losing.other.close()


async def test_a_write_whose_fate_is_unknown_hands_nothing_over_and_the_next_claim_has_it(losing: Losing) -> None:
    store = losing.store
    losing.loss.arm()
    with pytest.raises(StoreAway):
        await store.change("thing", "a", saved_with_event({"n": 1}))
    await store.change("thing", "b", saved_with_event({"n": 2}))

    assert (losing.handed, losing.nudges) == ([], 1)  # until it is known what the lost write left
    assert [each.id for each in await claimed(store)] == ["a", "b"]
    await store.change("thing", "c", saved_with_event({"n": 3}))
    assert [each.id for each in losing.handed] == ["c"]


async def test_a_kind_that_never_owed_here_is_looked_at_now_and_then(
    losing: Losing, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, other = losing.store, losing.other
    await store.change("thing", "a", counted())
    assert await store.claim_owed(10, LEASE) == []  # looks at all kinds
    await other.change("thing", "b", counted())
    await other.change("other", "c", counted())

    assert [each.id for each in await claimed(store)] == ["b"]
    monkeypatch.setattr(owing, "machine_seconds", lambda: machine_seconds() + 6)
    assert [each.id for each in await claimed(store)] == ["c"]
    await other.change("other", "d", counted())
    assert [each.id for each in await claimed(store)] == ["d"]  # known from now on


async def test_without_hand_over_every_claim_looks_at_all_kinds(losing: Losing) -> None:
    assert await losing.other.claim_owed(10, LEASE) == []
    await losing.store.change("other", "a", counted())
    losing.store.hand_over(None, LEASE)
    await losing.store.change("other", "b", counted())

    assert [each.id for each in await claimed(losing.other)] == ["b"]
