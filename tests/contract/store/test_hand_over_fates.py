"""`shared.ports.store.Outbox.hand_over` when several stores write, a caller gives up or an answer is lost: no event is
forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.adapters.mongo.store import MongoStore
from shared.faults import StoreAway
from shared.ports.store import Owed, Store
from tests.servers.mongo import fresh_database
from tests.support.faults.lost_answers import Loss, lossy
from tests.support.store_engines import KINDS, Engine
from tests.support.store_samples import LEASE, claimed, counted, saved_with_event

pytestmark = pytest.mark.usefixtures("sockets_of_the_driver")


class Relay:
    """What a relay is told."""

    def __init__(self, store: Store) -> None:
        self.handed: list[Owed] = []
        self.nudges = 0
        self.store = store
        store.on_owed(self.nudge)
        if not store.hand_over(self.handed.append, LEASE):
            pytest.skip("this store does not hand over")

    def nudge(self) -> None:
        self.nudges += 1

    async def settle(self, owed: Owed) -> None:
        await self.store.settle(owed, [each.id for each in owed.events])


@pytest.fixture
async def relay(store: Store) -> Relay:
    return Relay(store)


async def test_events_of_one_document_are_settled_together_under_the_latest_lease(relay: Relay) -> None:
    store = relay.store
    for _ in range(3):
        await store.change("thing", "a", counted())
    first, second, third = relay.handed

    await store.settle(third, [each.id for owed in (first, second, third) for each in owed.events])

    assert await store.owed_depth() == 0
    assert len({first.token, second.token, third.token}) == 3


async def test_an_older_event_stays_owed_when_the_one_handed_over_is_settled(relay: Relay, engine: Engine) -> None:
    store, other = relay.store, await engine.open()
    await other.change("thing", "a", counted())
    (theirs,) = await claimed(other)
    await store.change("thing", "a", counted())

    await relay.settle(relay.handed[0])

    assert relay.nudges == 1
    (left,) = await claimed(store)
    assert left.events == theirs.events
    await other.settle(theirs, [each.id for each in theirs.events])
    assert await store.owed_depth() == 0


async def test_after_it_ends_a_write_nudges_and_leases_nothing(relay: Relay, engine: Engine) -> None:
    store, other = relay.store, await engine.open()
    store.hand_over(None, LEASE)

    await store.change("thing", "a", counted())

    assert (relay.handed, relay.nudges) == ([], 1)
    assert [each.id for each in await claimed(other)] == ["a"]


async def test_a_caller_that_is_cancelled_loses_no_event(relay: Relay) -> None:
    store = relay.store
    writing = asyncio.create_task(store.change("thing", "a", counted()))
    await asyncio.sleep(0.001)
    writing.cancel()
    await asyncio.wait([writing])
    await store.change("thing", "b", counted())

    owed = {each.id for each in [*relay.handed, *await claimed(store)]}
    assert owed == {each.id async for each in store.scan("thing", {}, [])}


@pytest.fixture(params=["motor", "pymongo"])
async def losing(request: pytest.FixtureRequest, mongo_url: str) -> AsyncIterator[tuple[MongoStore, Loss]]:
    """A store that loses answers."""
    store, loss = MongoStore(fresh_database(mongo_url), driver=request.param), Loss()
    lossy(store, loss)
    await store.open(KINDS)
    yield store, loss
    await store.close()


@pytest.mark.mongo
async def test_a_write_whose_fate_is_not_known_hands_nothing_over_and_the_next_claim_has_it(
    losing: tuple[MongoStore, Loss],
) -> None:
    store, loss = losing
    relay = Relay(store)
    loss.arm()
    with pytest.raises(StoreAway):
        await store.change("thing", "a", saved_with_event({"n": 1}))
    await store.change("thing", "b", saved_with_event({"n": 2}))

    assert (relay.handed, relay.nudges) == ([], 1)  # until it is known what the lost write left
    assert [each.id for each in await claimed(store)] == ["a", "b"]
    await store.change("thing", "c", saved_with_event({"n": 3}))
    assert [each.id for each in relay.handed] == ["c"]
