from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.notifications.kinds import KINDS, MESSAGE
from services.notifications.messages.carry import carry_messages
from services.notifications.messages.index import MANY, through_of
from services.notifications.messages.repositories import message_repository
from shared.adapters.sqlite.store import SqliteStore
from shared.ports.store import Document, Range, State
from tests.museum.former_documents import documents_of, load_all


def whats_of_former(state: State) -> tuple[str, ...]:
    found = {each["reason"]["what"] if "reason" in each else each["stage"] for each in state["alerts"]}
    first, second, *more = [*sorted(found), "", ""]
    return (first, MANY if any(more) else second)


@pytest.fixture
async def former(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """A store of an earlier release."""
    store = SqliteStore(tmp_path / "notifications.sqlite")
    await store.open(KINDS)
    await load_all(store)
    yield store
    await store.close()


async def test_former_messages_are_found_by_when_they_were_taken(former: SqliteStore) -> None:
    # Given messages of earlier releases, which did not keep that
    count = len({each["_id"] for each in documents_of(MESSAGE.name)})
    whats = {whats_of_former(each["state"]) for each in documents_of(MESSAGE.name)}
    owed = await former.owed_depth()

    # When they are carried, twice
    assert await carry_messages(former) == count
    assert await carry_messages(former) == 0

    # Then they are found, by their first attempt, and owe no event
    page = await message_repository(former).list({"taken_at": Range(least=1)}, limit=50, after=None)
    assert len(page.items) == count
    tried = [each.value for each in page.items if each.value.attempts]
    assert tried
    without = {each["_id"] for each in documents_of(MESSAGE.name) if not each["state"].get("taken_at")}
    assert all(
        each.value.taken_at == each.value.attempts[0].opened_at
        for each in page.items
        if each.id in without and each.value.attempts
    )
    assert {(each.value.what_1, each.value.what_2) for each in page.items} == whats
    assert all(each.through == through_of(attempt.channel for attempt in each.attempts) for each in tried)
    assert await former.owed_depth() == owed


async def test_a_carry_that_was_killed_is_finished_by_the_next_start(
    former: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given one that ends after some messages
    count, change, left = len({each["_id"] for each in documents_of(MESSAGE.name)}), former.change, [3]

    async def cut(*args: Any, **how: Any) -> Document:  # noqa: ANN401 - as the store's
        left[0] -= 1
        if left[0] < 0:
            raise ConnectionError("killed")
        return await change(*args, **how)

    with monkeypatch.context() as patch:
        patch.setattr(former, "change", cut)
        with pytest.raises(ConnectionError):
            await carry_messages(former)

    # When the service starts again
    assert await carry_messages(former) == count - 3

    # Then every message is found by its reason
    whats = [row["what_1"] async for row in former.scan(MESSAGE.name, {}, ("what_1",))]
    assert len(whats) == count
    assert "?" not in whats
