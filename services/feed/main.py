"""The composition root of the feed."""

from __future__ import annotations

from fastapi import APIRouter

from services.feed.handlers import keeping
from services.feed.kinds import KINDS
from services.feed.latest.feed import Feed
from services.feed.latest.mark import Marks
from services.feed.latest.upkeep import EVERY, Upkeep
from services.feed.latest.watcher import POLL, Watcher
from services.feed.latest.writer import LatestWriter
from shared.contracts.subscriptions import subscription
from shared.runtime.service import Loop, Resources, Service

NAME = "feed"


def compose(resources: Resources) -> Service:
    """The service."""
    marks = Marks(resources.store)
    feed = Feed(resources.store, marks)
    watcher = Watcher(feed, marks)
    writer = LatestWriter(resources.store, marks, moved=watcher.wake.set)
    upkeep = Upkeep(resources.store, marks, resources.bus, subscription("feed.latest"))
    return Service(
        name=NAME,
        kinds=KINDS,
        router=APIRouter(),
        raw_handlers={"latest": keeping(writer)},
        loops=(
            Loop("watcher", POLL, watcher.look, watcher.wake),
            Loop("upkeep", EVERY, upkeep.run),
        ),
        start=upkeep.start,
        stop=writer.stop,
    )
