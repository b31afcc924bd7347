"""Events by pages, with a long poll."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from services.feed.api.page import EventsPage, page_answer
from services.feed.api.parameters import LONGEST_WAIT, PROBLEMS, AfterCursor, InRegion, Subjects, cursor_in
from services.feed.api.places import WaitingPlaces
from services.feed.api.poll import Polls, Question
from services.feed.api.scope import READERS, selection_of
from services.feed.latest.feed import Feed
from services.feed.latest.watcher import Watcher
from shared.web.routes import Routes, Who, get

MOST = 500

PageLimit = Annotated[int, Query(ge=1, le=MOST, description="How many events to a page.")]
Wait = Annotated[
    int,
    Query(
        ge=0,
        le=LONGEST_WAIT,
        description="Seconds to wait for an event while there is none; then the page is empty.",
        examples=[30],
    ),
]


class EventRoutes(Routes):
    """places: for polls that wait."""

    tag = "events"

    def __init__(self, feed: Feed, watcher: Watcher, places: WaitingPlaces) -> None:
        self._polls = Polls(feed, watcher, places)

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
        for a long poll: it is answered a second after the first event, with all that came meanwhile. It ends early with
        the token and with the process.
        """
        asked = Question(selection_of(who, subjects, region), cursor_in(after), limit, wait)
        return page_answer(request, await self._polls.answer(request, who, asked))
