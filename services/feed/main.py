"""The composition root of the feed."""

from __future__ import annotations

from services.feed.api.router import reading_router
from services.feed.handlers import keeping
from services.feed.kinds import KINDS, REBUILT
from services.feed.latest.feed import Feed
from services.feed.latest.mark import Marks
from services.feed.latest.upkeep import EVERY, Upkeep
from services.feed.latest.watcher import POLL, Watcher
from services.feed.latest.writer import LatestWriter
from shared.contracts.subscriptions import subscription
from shared.runtime.service import Filling, Loop, Resources, Service

NAME = "feed"


def compose(resources: Resources) -> Service:
    """The service."""
    marks = Marks(resources.store)
    feed = Feed(resources.store, marks)
    watcher = Watcher(feed, marks)
    writer = LatestWriter(resources.store, marks, moved=watcher.wake.set)
    latest = subscription("feed.latest")
    upkeep = Upkeep(resources.store, marks, resources.bus, latest)

    async def filled() -> None:
        await upkeep.filled()

    return Service(
        name=NAME,
        kinds=KINDS,
        router=reading_router(feed, watcher),
        raw_handlers={"latest": keeping(writer)},
        loops=(
            Loop("watcher", POLL, watcher.look, watcher.wake),
            Loop("upkeep", EVERY, upkeep.run),
        ),
        start=upkeep.start,
        stop=writer.stop,
        stopping=watcher.stop,
        rebuilt_kinds=REBUILT,
        filling=Filling(latest, upkeep.wanted, filled),
    )
