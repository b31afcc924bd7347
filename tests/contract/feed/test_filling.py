"""One process with all services fills its feed by itself, also one that comes later than what it is filled with."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from services.feed.latest.cursor import Cursor
from services.feed.latest.feed import Feed
from services.feed.latest.mark import Marks
from services.feed.latest.page import FeedPage, Selection
from shared.ports.store import Decision, State
from shared.runtime.engines import Engines
from shared.runtime.process import Running, running
from shared.settings import load
from tests.support.events import agency_draft
from tests.support.pipeline import eventually


async def test_a_feed_is_filled_with_what_was_there_before_it_and_only_once(tmp_path: Path) -> None:
    settings = load(None, port=0, data_dir=tmp_path)
    async with running(settings, ["registry"]) as process:
        store = process.runners["registry"].resources.store
        for id in "abc":
            await store.change("agency", id, partial(_registered, id=id))
    await Engines(settings).forget_events(["feed"])  # a release without a feed has no such queue

    async with running(settings) as process:
        first = await _complete(process)
        assert sorted(each.subject for each in first.events) == ["agency/a", "agency/b", "agency/c"]

    async with running(settings) as process:
        again = await _complete(process, first.cursor)
        assert again.events == []


def _registered(state: State | None, *, id: str) -> Decision:
    agency = {"id": id, "region": "61.12", "name": f"Dinas {id}", "kind": "dinas", "key": f"dinas {id}"}
    return {"created_by_body": "", **agency}, agency_draft(id)


async def _complete(process: Running, after: Cursor | None = None) -> FeedPage:
    """What there is to read, once the feed is complete."""
    await eventually(lambda: _is_complete(process))
    store = process.runners["feed"].resources.store
    return await Feed(store, Marks(store)).read(Selection(), after, 10)


async def _is_complete(process: Running) -> bool:
    return (await Marks(process.runners["feed"].resources.store).load()).complete
