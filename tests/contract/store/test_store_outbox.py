"""The contract of `shared.ports.store.Outbox`."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest

from shared.clock import Clock
from shared.contracts.event import Event
from shared.faults import Busy
from shared.ports.store import MOST_OWED, Store
from tests.support.store_engines import Engine
from tests.support.store_samples import LEASE, claimed, counted, events, saved, saved_with_event, settled

NO_LEASE = timedelta(0)  # expires at once


async def test_a_change_without_an_event_owes_nothing(store: Store) -> None:
    await store.change("thing", "a", saved({"n": 1}))

    assert await store.claim_owed(10, LEASE) == []
    assert (await store.owed_depth(), await store.oldest_owed()) == (0, None)


async def test_the_longest_owing_comes_first(store: Store) -> None:
    for n in range(5):
        await store.change("thing" if n % 2 else "other", f"t{n}", saved_with_event({"n": n}))
        await asyncio.sleep(0.002)
    await store.change("other", "t0", saved_with_event({"n": 9}))

    first = await claimed(store, 2)
    rest = await claimed(store)

    assert [owed.id for owed in first] == ["t0", "t1"]
    assert [owed.id for owed in rest] == ["t2", "t3", "t4"]
    assert [event.data["n"] for event in events(first[0])] == [0, 9]


async def test_a_leased_document_is_not_claimed_until_the_lease_expires(engine: Engine) -> None:
    store, other = await engine.open(), await engine.open()
    await store.change("thing", "a", saved_with_event({"n": 1}))

    (mine,) = await claimed(store, 1, timedelta(milliseconds=150))
    assert await other.claim_owed(1, LEASE) == []
    await asyncio.sleep(0.2)
    taken = await other.claim_owed(1, LEASE)

    assert taken[0].events == mine.events
    assert taken[0].token != mine.token


async def test_competing_claims_never_share_a_document(engine: Engine) -> None:
    stores = [await engine.open() for _ in range(3)]
    await asyncio.gather(*(stores[0].change("thing", f"t{n}", saved_with_event({"n": n})) for n in range(30)))

    shares = await asyncio.gather(*(claimed(store) for store in stores))

    ids = [owed.id for share in shares for owed in share]
    assert sorted(ids) == sorted(f"t{n}" for n in range(30))


async def test_a_settled_document_owes_nothing_and_keeps_its_sequence(store: Store) -> None:
    new = await store.change("thing", "a", saved_with_event({"n": 1}))

    await settled(store)

    found = await store.get("thing", "a")
    assert found is not None
    assert found.sequence == new.sequence
    assert (await store.owed_depth(), await store.oldest_owed()) == (0, None)
    assert await store.claim_owed(10, NO_LEASE) == []


async def test_an_event_owed_since_the_claim_stays_owed_and_nudges(store: Store) -> None:
    nudges: list[int] = []
    await store.change("thing", "a", counted())
    (owed,) = await claimed(store)
    await store.change("thing", "a", counted())
    store.on_owed(lambda: nudges.append(1))

    await store.settle(owed, [each.id for each in owed.events])

    assert nudges == [1]
    (rest,) = await claimed(store)
    assert [event.data["n"] for event in events(rest)] == [2]


async def test_some_of_the_events_can_be_settled(store: Store) -> None:
    for _ in range(3):
        await store.change("thing", "a", counted())
    (owed,) = await claimed(store)

    await store.settle(owed, [owed.events[1].id])

    (rest,) = await claimed(store)
    assert [event.data["n"] for event in events(rest)] == [1, 3]


async def test_many_documents_are_settled_in_one_go(store: Store) -> None:
    nudges: list[int] = []
    for id in ("a", "b", "c", "c"):
        await store.change("thing", id, counted())
    leased = {owed.id: owed for owed in await claimed(store)}
    await store.change("thing", "b", counted())
    store.on_owed(lambda: nudges.append(1))

    settled = [(leased[id], [each.id for each in leased[id].events[:1]]) for id in "abc"]
    await store.settle_many(settled)
    await store.settle_many(settled)
    await store.settle_many([])

    assert nudges
    rest = {owed.id: [event.data["n"] for event in events(owed)] for owed in await claimed(store)}
    assert rest == {"b": [2], "c": [2]}


async def test_a_slow_relay_does_not_release_the_lease_of_another(store: Store) -> None:
    await store.change("thing", "a", counted())
    (slow,) = await claimed(store, 1, NO_LEASE)
    await store.change("thing", "a", counted())
    (quick,) = await claimed(store, 1)

    await store.settle(slow, [each.id for each in slow.events])
    assert await store.claim_owed(1, LEASE) == []

    await store.settle(quick, [each.id for each in quick.events])
    assert await store.owed_depth() == 0


async def test_a_slow_relay_that_settles_all_does_not_release_the_lease_of_another(store: Store) -> None:
    await store.change("thing", "a", counted())
    (slow,) = await claimed(store, 1, NO_LEASE)
    (quick,) = await claimed(store, 1)
    await store.settle(slow, [each.id for each in slow.events])

    await store.change("thing", "a", counted())
    assert await store.claim_owed(1, LEASE) == []

    await store.settle(quick, [each.id for each in quick.events])
    (rest,) = await claimed(store)
    assert [event.data["n"] for event in events(rest)] == [2]


async def test_settling_twice_or_after_an_erase_does_no_harm(store: Store) -> None:
    await store.change("thing", "a", counted())
    (owed,) = await claimed(store)
    ids = [each.id for each in owed.events]
    await store.settle(owed, ids)
    await store.change("thing", "a", counted())

    await store.settle(owed, ids)
    await store.erase("thing", "a")
    await store.settle(owed, ids)

    assert await store.owed_depth() == 0


async def test_the_lag_is_that_of_the_oldest_event_still_owed(store: Store) -> None:
    """A document that always owes some event does not seem to have owed for ever."""
    await store.change("thing", "a", counted())
    (first,) = await claimed(store)
    begun = await store.oldest_owed()
    await asyncio.sleep(0.02)
    await store.change("thing", "a", counted())

    await store.settle(first, [each.id for each in first.events])

    now = await store.oldest_owed()
    assert begun is not None
    assert now is not None
    assert begun < now <= Clock.machine()


async def test_depth_counts_documents(store: Store) -> None:
    for id in ("a", "b", "a"):
        await store.change("thing", id, counted())
    await store.change("other", "c", counted())

    assert await store.owed_depth() == 3


async def test_only_a_newly_owed_event_nudges(store: Store) -> None:
    nudges: list[str] = []
    store.on_owed(lambda: nudges.append("one"))
    store.on_owed(lambda: nudges.append("other"))

    await store.change("thing", "a", saved({"n": 1}))
    assert nudges == []
    await store.change("thing", "a", saved_with_event({"n": 1}))
    assert nudges == ["one", "other"]


async def test_a_resync_owes_the_same_event_again(store: Store) -> None:
    new = await store.change("thing", "a", saved_with_event({"n": 1}))
    (owed,) = await claimed(store)
    await store.settle(owed, [each.id for each in owed.events])
    await store.change("thing", "a", saved({"n": 2}))

    assert await store.owe_again("thing", "a")

    (again,) = await claimed(store)
    assert again.events == owed.events
    assert events(again)[0].number == new.sequence


async def test_a_resync_of_an_event_that_is_still_owed_adds_nothing(store: Store) -> None:
    await store.change("thing", "a", counted())
    await store.change("thing", "a", counted())

    assert await store.owe_again("thing", "a")

    (owed,) = await claimed(store)
    assert [event.data["n"] for event in events(owed)] == [1, 2]


async def test_a_resync_anew_gives_the_document_and_its_event_a_new_sequence(store: Store) -> None:
    before = await store.change("thing", "a", saved_with_event({"n": 1}))
    await settled(store)

    assert await store.owe_again("thing", "a", anew=True)

    found = await store.get("thing", "a")
    (owed,) = await claimed(store)
    (event,) = events(owed)
    assert found is not None
    assert found.sequence == event.number > before.sequence
    assert (event.id, event.data) == (f"thing/a/{found.sequence:016d}", {"n": 1})
    await store.settle(owed, [event.id])
    assert await store.owe_again("thing", "a")  # it is the last event from now on
    (later,) = await claimed(store)
    assert Event.decode(later.events[0].body) == event


async def test_the_last_event_is_told_while_it_is_owed_and_when_it_is_settled(store: Store) -> None:
    await store.change("thing", "a", saved_with_event({"n": 1}))
    await store.change("thing", "a", saved_with_event({"n": 2}))
    (owed,) = await claimed(store)
    assert await store.last_event("thing", "a") == owed.events[-1]
    await store.settle(owed, [each.id for each in owed.events])

    await store.change("thing", "a", saved({"n": 3}))
    await store.change("thing", "silent", saved({"n": 1}))

    assert await store.last_event("thing", "a") == owed.events[-1]
    assert await store.last_event("thing", "silent") is None
    assert await store.last_event("thing", "nobody") is None


async def test_a_document_that_never_owed_cannot_owe_again(store: Store) -> None:
    await store.change("thing", "silent", saved({"n": 1}))

    assert not await store.owe_again("thing", "silent")
    assert not await store.owe_again("thing", "silent", anew=True)
    assert not await store.owe_again("thing", "nobody")


async def test_a_resync_anew_of_a_document_that_owes_fifty_is_busy(store: Store) -> None:
    for _ in range(MOST_OWED):
        await store.change("thing", "a", counted())

    with pytest.raises(Busy):
        await store.owe_again("thing", "a", anew=True)
    assert await store.owe_again("thing", "a")


async def test_a_lease_from_before_the_clock_was_set_back_has_ended(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.change("thing", "a", saved_with_event({"n": 1}))
    with monkeypatch.context() as wrong:
        ahead = time.time_ns() + 3600 * 10**9
        wrong.setattr(time, "time_ns", lambda: ahead)
        (before,) = await claimed(store, 1)

    (after,) = await claimed(store, 1)

    assert after.events == before.events
    assert after.token != before.token
    assert await store.claim_owed(1, LEASE) == []  # a lease of its proper length holds
