"""Resync: the last event of every document is published again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from shared.adapters.sqlite.store import SqliteStore
from shared.faults import Busy
from shared.ports.store import Decision, OwedEvent, State
from shared.storage.resync import AT_ONCE, ResyncProgress, resync
from tests.support.events import agency_draft
from tests.support.pipeline import opened_store

MANY = 2 * AT_ONCE + 5


def owing(id: str, _: State | None) -> Decision:
    return {}, agency_draft(id)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with opened_store(tmp_path) as store:
        for number in range(MANY):
            id = f"{number:03d}"
            await store.change("agency", id, partial(owing, id))
        await store.change("agency", "silent", lambda _: ({}, None))
        yield store


async def settle_all(store: SqliteStore) -> dict[str, OwedEvent]:
    events = {}
    while claimed := await store.claim_owed(50, timedelta(minutes=1)):
        for owed in claimed:
            (events[owed.id],) = owed.events
            await store.settle(owed, [event.id for event in owed.events])
    return events


async def test_every_document_has_the_same_bytes_in_its_outbox_again(store: SqliteStore) -> None:
    first = await settle_all(store)
    steps: list[ResyncProgress] = []

    count = await resync(store, ["agency"], progress=steps.append)

    assert count == MANY
    assert await settle_all(store) == first
    assert steps[-1] == ResyncProgress("agency", MANY + 1, MANY)
    assert [step.seen for step in steps] == [AT_ONCE, 2 * AT_ONCE, MANY + 1]


async def test_an_event_that_is_still_in_the_outbox_is_not_added_twice(store: SqliteStore) -> None:
    await resync(store, ["agency"])
    assert len(await settle_all(store)) == MANY


async def test_after_a_restore_every_sequence_is_above_what_consumers_have_seen(store: SqliteStore) -> None:
    first = await settle_all(store)
    before = {id: document.sequence for id in first if (document := await store.get("agency", id)) is not None}

    await resync(store, ["agency"], after_restore=True)

    again = await settle_all(store)
    for id, event in again.items():
        document = await store.get("agency", id)
        assert document is not None
        assert document.sequence > before[id]
        assert event.id == f"agency/{id}/{document.sequence:016d}"


async def test_a_document_with_a_full_outbox_is_waited_for(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    owe_again, busy, waits = store.owe_again, 3, []

    async def sometimes(kind: str, id: str, *, anew: bool = False) -> bool:
        nonlocal busy
        if id == "001" and busy:
            busy -= 1
            raise Busy("owes 50 events")
        return await owe_again(kind, id, anew=anew)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(store, "owe_again", sometimes)
    assert await resync(store, ["agency"], sleep=sleep) == MANY
    assert waits == [0.2, 0.4, 0.8]
