"""The mark, the feed and its watcher on a store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from services.feed.kinds import KINDS
from services.feed.latest import watcher as watching
from services.feed.latest.cursor import Cursor, FeedRestarted
from services.feed.latest.feed import Feed
from services.feed.latest.mark import Marks
from services.feed.latest.page import Selection
from services.feed.latest.placing import Arrived
from services.feed.latest.watcher import Waiter, Watcher
from services.feed.latest.writer import LatestWriter
from shared.adapters.sqlite.store import SqliteStore
from shared.faults import Invalid

ALL = Selection()


class Parts:
    """A feed on a store. clock: machine time in milliseconds, which a test may set."""

    def __init__(self, store: SqliteStore) -> None:
        self.clock = 1_000
        self.marks = Marks(store, lambda: self.clock)
        self.feed = Feed(store, self.marks)
        self.watcher = Watcher(self.feed, self.marks)
        self.writer = LatestWriter(store, self.marks, moved=self.watcher.wake.set, clock=lambda: self.clock, gather=0.0)
        self._sequences = count(1)

    async def place(self, *subjects: str, region: str = "61.12") -> None:
        numbers = self._sequences
        events = [Arrived(each, "some.type", region, f'"{each}"', next(numbers), may_repeat=False) for each in subjects]
        await asyncio.gather(*(self.writer.place(each) for each in events))


async def joined(*waiters: Waiter) -> None:
    """They have read all that there was, and wait for what is new."""
    while not all(each.joined for each in waiters):  # noqa: ASYNC110
        await asyncio.sleep(0)


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    store = SqliteStore(tmp_path / "feed.sqlite")
    await store.open(KINDS)
    parts = Parts(store)
    yield parts
    await parts.writer.stop()
    await store.close()


async def test_pages_go_in_the_order_of_places_and_the_cursor_leads_on(parts: Parts) -> None:
    await parts.place("agency/a", "innovation/b", "agency/c")

    first = await parts.feed.read(ALL, None, 2)
    second = await parts.feed.read(ALL, Cursor.decode(first.cursor.encode()), 2)

    assert [each.subject for each in first.events] == ["agency/a", "innovation/b"]
    assert [each.subject for each in second.events] == ["agency/c"]
    assert (first.more, second.more, second.complete) == (True, False, False)
    assert second.events[0].body == b'"agency/c"'


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        (Selection(frozenset({"agency", "deadline"})), ["agency/a", "deadline/d", "agency/e"]),
        (Selection(region="61"), ["deadline/d"]),
        (Selection(province="61"), ["agency/a", "innovation/b", "deadline/d"]),
        (Selection(frozenset({"agency"}), province="61"), ["agency/a"]),
        (Selection(frozenset({"agency"}), region="11.01"), ["agency/e"]),
        (Selection(frozenset()), []),
    ],
)
async def test_a_selection_is_by_kinds_of_subject_and_region_or_province(
    parts: Parts, where: Selection, wanted: list[str]
) -> None:
    await parts.place("agency/a", "innovation/b")
    await parts.place("deadline/d", region="61")
    await parts.place("agency/e", region="11.01")

    page = await parts.feed.read(where, None, 10)

    assert [each.subject for each in page.events] == wanted
    assert all(where.has(each) for each in page.events)


async def test_a_clock_that_steps_back_changes_nothing(parts: Parts) -> None:
    await parts.place("agency/a")
    parts.clock = 10
    await parts.place("agency/b")
    other = LatestWriter(parts.writer._store, Marks(parts.writer._store, lambda: 10), clock=lambda: 10)
    await other.place(Arrived("agency/c", "some.type", "61.12", "", 9, may_repeat=False))
    await other.stop()

    page = await parts.feed.read(ALL, None, 10)

    assert [each.subject for each in page.events] == ["agency/a", "agency/b", "agency/c"]


async def test_after_a_rebuild_a_cursor_is_refused_and_only_what_comes_again_is_there(parts: Parts) -> None:
    await parts.place("agency/a", "agency/b")
    before = await parts.feed.read(ALL, None, 10)
    await parts.marks.rebuild()

    with pytest.raises(FeedRestarted):
        await parts.feed.read(ALL, before.cursor, 10)
    assert (await parts.feed.read(ALL, None, 10)).events == []
    await parts.writer.place(Arrived("agency/b", "some.type", "61.12", "", 2, may_repeat=False))
    assert [each.subject for each in (await parts.feed.read(ALL, None, 10)).events] == ["agency/b"]


async def test_who_waits_is_told_from_memory_and_catches_up_first(parts: Parts) -> None:
    await parts.place("agency/a")
    with parts.watcher.follow(ALL, None) as waiter:
        assert [each.subject for each in await waiter.take()] == ["agency/a"]
        taking = asyncio.create_task(waiter.take())
        await joined(waiter)
        await parts.place("agency/b")
        await parts.watcher.look()
        assert [each.subject for each in await taking] == ["agency/b"]
        assert waiter.cursor == (await parts.feed.read(ALL, None, 10)).cursor


async def test_a_waiter_whose_buffer_is_full_ends_after_what_it_has(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "BUFFER", 2)
    await parts.marks.begin_term()
    with parts.watcher.follow(ALL, None) as waiter:
        taking = asyncio.create_task(waiter.take())
        await joined(waiter)
        taking.cancel()
        await parts.place("agency/a", "agency/b", "agency/c")
        await parts.watcher.look()

        assert [each.subject for each in await waiter.take()] == ["agency/a", "agency/b"]
        assert (waiter.over, await waiter.take()) == ("full", [])
        assert waiter.cursor is not None
        rest = await parts.feed.read(ALL, waiter.cursor, 10)
        assert [each.subject for each in rest.events] == ["agency/c"]


async def test_all_who_wait_end_when_the_process_stops_or_the_feed_restarts(parts: Parts) -> None:
    await parts.marks.begin_term()
    with parts.watcher.follow(ALL, None) as first, parts.watcher.follow(ALL, None) as second:
        taking = [asyncio.create_task(each.take()) for each in (first, second)]
        await joined(first, second)
        await parts.watcher.look()
        await parts.marks.rebuild()
        await parts.watcher.look()
        for each in taking:
            with pytest.raises(FeedRestarted):
                await each
    with parts.watcher.follow(ALL, None) as waiter:
        stopped = asyncio.create_task(waiter.take())
        await joined(waiter)
        parts.watcher.stop()
        assert (await stopped, waiter.over) == ([], "stopped")


@pytest.mark.parametrize(
    "text", ["", "x", "0-0", "abcdefabcdef-", "abcdefabcdef-0g", "abcdefabcdef-" + "1" * 16, "a\x00"]
)
def test_a_text_that_is_no_cursor_is_invalid(text: str) -> None:
    with pytest.raises(Invalid):
        Cursor.decode(text)


async def test_who_waits_for_the_mark_costs_no_looks_until_it_moves(parts: Parts) -> None:
    await parts.place("agency/a")
    looks = 0

    async def looking() -> None:
        nonlocal looks
        while True:
            await parts.watcher.wake.wait()
            parts.watcher.wake.clear()
            looks += 1
            await parts.watcher.look()

    loop = asyncio.create_task(looking())
    waiting = asyncio.create_task(parts.watcher.changed((await parts.feed.read(ALL, None, 1)).cursor))
    for _ in range(500):
        await asyncio.sleep(0)
    assert not waiting.done()
    assert looks <= 2

    await parts.place("agency/b")
    async with asyncio.timeout(5):
        await waiting
    loop.cancel()
