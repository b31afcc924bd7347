"""The routes for reading the feed."""

from __future__ import annotations

from fastapi import APIRouter

from services.feed.api.events import EventRoutes
from services.feed.api.places import WaitingPlaces
from services.feed.api.stream import StreamRoutes
from services.feed.latest.feed import Feed
from services.feed.latest.watcher import Watcher


def reading_router(feed: Feed, watcher: Watcher) -> APIRouter:
    """Pages, polls and streams; polls that wait and streams share the places of this process."""
    places = WaitingPlaces()
    router = APIRouter()
    for routes in (EventRoutes(feed, watcher, places), StreamRoutes(feed, watcher, places)):
        router.routes.extend(routes.router().routes)
    return router
