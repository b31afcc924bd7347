"""Events by pages, with a long poll."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Query, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from services.feed.api.lapse import first_of, gone, lapsed
from services.feed.api.page import EventsPage, page_answer
from services.feed.api.parameters import LONGEST_WAIT, PROBLEMS, AfterCursor, InRegion, Subjects, cursor_in
from services.feed.api.places import WaitingPlaces
from services.feed.api.scope import READERS, selection_of
from services.feed.latest.cursor import Cursor
from services.feed.latest.feed import Feed
from services.feed.latest.page import FeedEvent, FeedPage, Selection
from services.feed.latest.watcher import Watcher
from shared.auth.policy import Principal
from shared.web.routes import Routes, Who, get

MOST = 500

PageLimit = Annotated[int, Query(ge=1, le=MOST, description="How many events to a page.")]
Wait = Annotated[
    int,
    Query(
        ge=0,
        le=LONGEST_WAIT,
        description="Seconds to wait for an event while there is none; then the page is empty.",
    ),
]


class EventRoutes(Routes):
    """places: for polls that wait."""

    tag = "events"

    def __init__(self, feed: Feed, watcher: Watcher, places: WaitingPlaces) -> None:
        self._feed = feed
        self._watcher = watcher
        self._places = places

    @get("/events", *READERS, response_model=EventsPage, responses=PROBLEMS)
    async def read_events(
        self,
        *,
        request: Request,
        who: Who,
        subjects: Subjects = None,
        region: InRegion = None,
        after: AfterCursor = None,
        limit: PageLimit = 100,
        wait: Wait = 0,
    ) -> Response:
        """Read the newest event of each subject, in the order in which the feed received them.

        Begin without `after`, follow `cursor` until `more` is false, then ask again from the last cursor, with `wait`
        for a long poll. A poll ends early with the token or with the process; its page is then empty.
        """
        where = selection_of(who, subjects, region)
        page = await self._feed.read(where, cursor_in(after), limit)
        if wait and not page.events:
            page = _cut(await self._waited(request, who, where, page, wait), limit)
        return page_answer(request, page)

    async def _waited(self, request: Request, who: Principal, where: Selection, page: FeedPage, wait: int) -> FeedPage:
        """What came after an empty page, of any length. Raises QuotaSpent, FeedRestarted, StoreAway, and
        ClientDisconnect."""
        events: list[FeedEvent] = []
        with self._places.hold(who.id), self._watcher.follow(where, page.cursor) as waiter:

            async def take() -> None:
                events.extend(await waiter.take())

            client_gone = 1
            ways = (take(), gone(request.receive), lapsed(request, who), asyncio.sleep(wait))
            if await first_of(*ways) == client_gone:
                raise ClientDisconnect
            return FeedPage(events, waiter.cursor or page.cursor, more=False, complete=page.complete)


def _cut(page: FeedPage, limit: int) -> FeedPage:
    """The page with at most so many events."""
    if len(page.events) <= limit:
        return page
    cursor = Cursor(page.cursor.generation, page.events[limit - 1].place)
    return FeedPage(page.events[:limit], cursor, more=True, complete=page.complete)
