"""The contract of `shared.ports.store.Outbox.hand_over`, for the engines that do it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from shared.faults import Conflict
from shared.ports.store import Change, Owed, Store
from tests.support.store_engines import Engine
from tests.support.store_samples import LEASE, claimed, counted, events, refused


@pytest.fixture
def handed() -> list[Owed]:
    return []


@pytest.fixture
async def store(engine: Engine, handed: list[Owed]) -> Store:
    """An open, empty store that hands over what it writes."""
    store = await engine.open()
    if not store.hand_over(handed.append, LEASE):
        pytest.skip(f"{engine.name} does not hand over")
    return store


async def settle(store: Store, owed: Owed) -> None:
    await store.settle(owed, [event.id for event in owed.events])


def numbers(owed: list[Owed]) -> list[list[int]]:
    return [[event.data["n"] for event in events(each)] for each in owed]


async def test_what_is_written_is_handed_over_when_it_is_durable_and_leased(
    engine: Engine, store: Store, handed: list[Owed]
) -> None:
    nudges: list[int] = []
    store.on_owed(lambda: nudges.append(1))

    new = await store.change("thing", "a", counted())

    [owed] = handed
    assert (owed.kind, owed.id, nudges) == ("thing", "a", [])
    assert [event.number for event in events(owed)] == [new.sequence]
    other = await engine.open()
    assert await other.claim_owed(10, LEASE) == await store.claim_owed(10, LEASE) == []
    assert await other.owed_depth() == 1

    await settle(store, owed)
    assert await other.owed_depth() == 0


async def test_a_change_that_owes_nothing_or_fails_hands_nothing_over(store: Store, handed: list[Owed]) -> None:
    await store.change("thing", "a", counted(owes=False))
    with pytest.raises(Conflict):
        await store.change("thing", "a", refused(Conflict("no")))
    assert await store.owe_again("thing", "a") is False

    assert handed == []


async def test_each_write_has_a_lease_of_its_own(store: Store, handed: list[Owed]) -> None:
    for _ in range(3):
        await store.change("thing", "a", counted())

    assert numbers(handed) == [[1], [2], [3]]
    assert len({each.token for each in handed}) == 3
    await settle(store, handed[0])  # no longer its lease
    assert await store.claim_owed(10, LEASE) == []
    await store.settle_many([(each, [event.id for event in each.events]) for each in handed[1:]])
    assert await store.owed_depth() == 0


async def test_an_event_from_before_is_claimed_once_the_write_is_settled(store: Store, handed: list[Owed]) -> None:
    nudges: list[int] = []
    store.on_owed(lambda: nudges.append(1))
    store.hand_over(None, LEASE)
    await store.change("thing", "a", counted())
    assert nudges.pop()
    store.hand_over(handed.append, LEASE)
    await store.change("thing", "a", counted())
    assert nudges == []

    await settle(store, handed[0])

    assert nudges == [1]
    assert numbers(await claimed(store)) == [[1]]


async def test_a_lease_is_taken_from_whoever_claimed_the_document(store: Store, handed: list[Owed]) -> None:
    store.hand_over(None, LEASE)
    await store.change("thing", "a", counted())
    [former] = await claimed(store)
    store.hand_over(handed.append, LEASE)
    await store.change("thing", "a", counted())

    await settle(store, former)
    assert await store.claim_owed(10, LEASE) == []
    await settle(store, handed[0])
    assert await store.owed_depth() == 0


async def test_a_released_lease_is_claimed(store: Store, handed: list[Owed]) -> None:
    await store.change("thing", "a", counted())

    await store.settle(handed[0], [])

    assert numbers(await claimed(store)) == [[1]]


async def test_a_lease_ends_after_its_time(store: Store, handed: list[Owed]) -> None:
    store.hand_over(handed.append, timedelta(milliseconds=50))
    await store.change("thing", "a", counted())

    while not (taken := await claimed(store)):  # noqa: ASYNC110 - the end of a lease is no event
        await asyncio.sleep(0.01)

    assert numbers(taken) == [[1]]


async def test_many_changes_are_handed_over_one_by_one(store: Store, handed: list[Owed]) -> None:
    changes = [
        Change("thing", "a", counted()),
        Change("thing", "b", refused(Conflict("no"))),
        Change("thing", "c", counted(owes=False)),
        Change("other", "d", counted()),
    ]

    await store.change_many(changes)

    assert sorted((each.kind, each.id) for each in handed) == [("other", "d"), ("thing", "a")]
    assert len({each.token for each in handed}) == 2
    assert await store.claim_owed(10, LEASE) == []


async def test_a_write_whose_caller_is_cancelled_is_handed_over(store: Store, handed: list[Owed]) -> None:
    writing = asyncio.create_task(store.change("thing", "a", counted()))
    for _ in range(3):
        await asyncio.sleep(0)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await store.change("thing", "b", counted())

    found = await store.get("thing", "a")
    assert {each.id for each in handed} == ({"a", "b"} if found else {"b"})
