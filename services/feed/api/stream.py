"""Events as a stream of server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from functools import lru_cache, partial
from typing import Annotated, Any

from fastapi import Header, Request
from fastapi.sse import format_sse_event
from starlette.responses import Response

from services.feed.api.event_stream import EventStream
from services.feed.api.lapse import lapsed
from services.feed.api.parameters import PROBLEMS, AfterCursor, InRegion, Subjects, cursor_in
from services.feed.api.places import WaitingPlaces
from services.feed.api.scope import READERS, selection_of
from services.feed.latest.cursor import Cursor
from services.feed.latest.feed import Feed
from services.feed.latest.page import FeedEvent, Selection
from services.feed.latest.watcher import BUFFER, Waiter, Watcher
from shared.faults import Fault
from shared.web.routes import Routes, Who, get

HEARTBEAT = 15.0  # seconds without an event until a comment is sent, so that no proxy takes the connection for dead
PAUSE = 0.1  # seconds between two parts of a stream: what comes meanwhile is sent at once
RETRY = 5_000  # milliseconds after which a client connects again

_BEGINNING = format_sse_event(comment="umpan", retry=RETRY)
_HEARTBEAT = format_sse_event(comment="umpan")

_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events: `data` is a CloudEvent, `id` the cursor after it.",
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                "example": ": umpan\nretry: 5000\n\ndata: {…}\nid: 3f9a1c0b77de-19b2f0c6a31\n\n",
            }
        },
    },
    **PROBLEMS,
}

LastEventId = Annotated[
    str | None,
    Header(
        alias="last-event-id",
        max_length=200,
        description="The id of the last event that was received; a browser sends it when it connects again. Counts "
        "more than `after`.",
    ),
]


class StreamRoutes(Routes):
    """places: one for each stream."""

    tag = "events"

    def __init__(self, feed: Feed, watcher: Watcher, places: WaitingPlaces) -> None:
        self._feed = feed
        self._watcher = watcher
        self._places = places

    @get("/stream", *READERS, response_class=Response, responses=_ANSWERS)
    async def stream_events(
        self,
        *,
        request: Request,
        who: Who,
        subjects: Subjects = None,
        region: InRegion = None,
        after: AfterCursor = None,
        last_event_id: LastEventId = None,
    ) -> Response:
        """Follow the newest event of each subject as server-sent events.

        First what is newer than the cursor, then what comes. The stream ends with the token, with the process, and when
        the client is too slow: connect again from the last id.
        """
        where = selection_of(who, subjects, region)
        chunks = self._chunks(where, cursor_in(last_event_id or after))
        place = partial(self._places.hold, who.id)
        return EventStream(chunks, place=place, lapsed=partial(lapsed, request, who))

    async def _chunks(self, where: Selection, after: Cursor | None) -> AsyncGenerator[bytes]:
        """The parts of the stream. The first one raises FeedRestarted, StoreAway; later a fault is the end."""
        page = await self._feed.read(where, after, BUFFER)
        yield _BEGINNING + encoded(page.events, page.cursor.generation)
        with self._watcher.follow(where, page.cursor) as waiter:
            while True:
                try:
                    events = await _taken(waiter)
                except Fault:  # the client connects again, and is told
                    return
                if not events and waiter.over:
                    return
                yield encoded(events, page.cursor.generation) or _HEARTBEAT
                if not waiter.over:
                    await asyncio.sleep(PAUSE)


async def _taken(waiter: Waiter) -> Sequence[FeedEvent]:
    """The next events; none after a time without."""
    try:
        async with asyncio.timeout(HEARTBEAT):
            return await waiter.take()
    except TimeoutError:
        return ()


def encoded(events: Sequence[FeedEvent], generation: str) -> bytes:
    """Events as they are sent. The id of one is the cursor after it."""
    return b"".join(_encoded(event, generation) for event in events)


@lru_cache(maxsize=BUFFER)
def _encoded(event: FeedEvent, generation: str) -> bytes:
    """Encoded once for all streams."""
    return format_sse_event(data_str=event.body.decode(), id=Cursor(generation, event.place).encode())
