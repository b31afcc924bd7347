"""The composition root of the feed."""

from __future__ import annotations

from fastapi import APIRouter

from services.feed.api.router import reading_router
from services.feed.endpoints.kinds import ENDPOINT
from services.feed.endpoints.kinds import KINDS as ENDPOINT_KINDS
from services.feed.handlers import keeping
from services.feed.kinds import KINDS, REBUILT
from services.feed.latest.feed import Feed
from services.feed.latest.mark import Marks
from services.feed.latest.upkeep import EVERY, Upkeep
from services.feed.latest.watcher import POLL, Watcher
from services.feed.latest.writer import LatestWriter
from services.feed.privacy import FeedPersonalData
from services.feed.regional import regional
from services.feed.webhooks import Webhooks
from shared.contracts.subscriptions import subscription
from shared.runtime.service import Filling, Loop, Resources, Service
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.kinds import ERASURE_KINDS
from shared.storage.erasures.list import ErasureList
from shared.web.audit.routes import AuditRoutes

NAME = "feed"


def compose(resources: Resources) -> Service:
    """The service."""
    marks = Marks(resources.store)
    feed = Feed(resources.store, marks)
    watcher = Watcher(feed, marks)
    writer = LatestWriter(resources.store, marks, moved=watcher.wake.set)
    latest = subscription("feed.latest")
    upkeep = Upkeep(resources.store, marks, resources.bus, latest)

    webhooks = Webhooks(resources, feed, watcher)
    router = APIRouter()
    for routes in (reading_router(feed, watcher), webhooks.router(), AuditRoutes(resources.store, NAME).router()):
        router.routes.extend(routes.routes)

    async def stop() -> None:
        await webhooks.close()
        await writer.stop()

    async def filled() -> None:
        await upkeep.filled()

    return Service(
        name=NAME,
        kinds=(*KINDS, *ENDPOINT_KINDS, *ERASURE_KINDS),
        router=router,
        raw_handlers={latest.purpose: keeping(writer)},
        before_taking={latest.purpose: upkeep.look},
        loops=(
            Loop("watcher", POLL, watcher.look, watcher.wake),
            Loop("upkeep", EVERY, upkeep.run),
            *webhooks.loops,
        ),
        start=upkeep.start,
        stop=stop,
        stopping=watcher.stop,
        resyncable=(ENDPOINT.name,),
        rebuilt_kinds=REBUILT,
        filling=Filling(latest, upkeep.wanted, filled),
        personal_data=FeedPersonalData(
            resources.store, Erasures(resources.store, NAME, ErasureList(resources.settings.erasures))
        ),
        regional=regional(marks),
    )
