"""The contract of `shared.ports.store.Archive`: from one store into another, and back from a backup."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from shared.adapters.sqlite.store import SqliteStore
from shared.clock import machine_ms
from shared.ports.store import State, Store
from tests.support.store_engines import KINDS, Engine
from tests.support.store_samples import claimed, counted, events, saved, saved_with_event, settled


async def copy(store: Store, kind: str = "thing") -> list[State]:
    return [stored async for stored in store.dump(kind)]


async def test_a_dump_loaded_elsewhere_is_the_same(store: Store, tmp_path: Path) -> None:
    """Through the other engine and back: states, sequences, owed events and last events."""
    await store.change("thing", "settled", saved_with_event({"a.b": {"$x": 1}}))
    await settled(store)
    await store.change("thing", "owing", counted())
    await store.change("thing", "owing", counted())
    await store.change("thing", "silent", saved({"n": 1}))
    dumped = await copy(store)
    text = "\n".join(json.dumps(stored) for stored in dumped)  # plain JSON, as in a backup

    other = SqliteStore(tmp_path / "other.sqlite")
    await other.open(KINDS)
    await other.load("thing", [json.loads(line) for line in text.splitlines()])
    again = await copy(other)
    assert again == dumped
    assert await other.owed_depth() == 1
    assert await other.oldest_owed() == await store.oldest_owed()
    for stored in dumped:
        await store.erase("thing", stored["_id"])
    await store.load("thing", again)
    await other.close()

    assert await copy(store) == dumped
    (owed,) = await claimed(store)
    assert (owed.id, [event.data["n"] for event in events(owed)]) == ("owing", [1, 2])
    assert await store.owe_again("thing", "settled")
    assert not await store.owe_again("thing", "silent")


async def test_a_dump_contains_no_leases(store: Store) -> None:
    await store.change("thing", "a", counted())
    await claimed(store)

    (stored,) = await copy(store)
    assert set(stored) == {"_id", "schema", "sequence", "state", "outbox", "last_event", "outbox_since"}
    await store.load("thing", [stored])

    assert len(await claimed(store)) == 1


async def test_after_a_restore_sequences_continue_above_those_seen_before(store: Store) -> None:
    await store.change("thing", "a", counted())
    backup = await copy(store)
    for _ in range(5):
        seen = await store.change("thing", "a", counted())
    await settled(store)

    ahead = seen.sequence - machine_ms()
    # a burst of changes runs milliseconds ahead of the clock; a real restore is slower than this test
    await asyncio.sleep(max(ahead + 2, 0) / 1000)
    await store.load("thing", backup)

    restored = await store.get("thing", "a")
    assert restored is not None
    assert restored.state == {"n": 1}
    assert (await store.change("thing", "a", counted())).sequence > seen.sequence


async def test_after_a_restore_from_a_clock_ahead_sequences_continue_above_it(store: Store) -> None:
    await store.change("thing", "a", counted())
    (stored,) = await copy(store)
    ahead = stored["sequence"] + 10**9
    await store.load("thing", [{**stored, "sequence": ahead}])

    assert (await store.change("thing", "a", counted())).sequence == ahead + 1


async def test_loading_documents_that_owe_nudges(store: Store) -> None:
    await store.change("thing", "a", counted())
    backup = await copy(store)
    nudges: list[int] = []
    store.on_owed(lambda: nudges.append(1))

    await store.load("thing", backup)

    assert nudges


async def test_a_dump_of_more_than_one_batch_is_complete(store: Store, engine: Engine) -> None:
    blank = {"schema": 1, "sequence": 1, "state": {}, "outbox": [], "last_event": None, "outbox_since": None}
    await store.load("other", [{"_id": f"{n:04d}", **blank} for n in range(450)])

    assert [stored["_id"] for stored in await copy(store, "other")] == [f"{n:04d}" for n in range(450)]
    assert len([row async for row in store.scan("other", {}, [])]) == 450
