"""A page of the feed, and the wait for one while there is nothing to read (long poll)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from fastapi import Request
from starlette.requests import ClientDisconnect

from services.feed.api.lapse import first_of, gone, lapsed
from services.feed.api.places import WaitingPlaces
from services.feed.latest.cursor import Cursor
from services.feed.latest.feed import Feed
from services.feed.latest.page import FeedEvent, FeedPage, Selection
from services.feed.latest.watcher import Watcher
from shared.auth.policy import Principal

COLLECT = 1.0
"""Seconds for which a poll collects what comes after the first event. While much happens, each of a hundred pollers
asks once a second instead of once for each event: a request costs as much as a hundred events."""


@dataclass(frozen=True)
class Question:
    """What a request asks for. wait: seconds to wait while there is nothing."""

    where: Selection
    after: Cursor | None
    limit: int
    wait: int


class Polls:
    """Answers questions. places: for those that wait."""

    def __init__(self, feed: Feed, watcher: Watcher, places: WaitingPlaces) -> None:
        self._feed = feed
        self._watcher = watcher
        self._places = places

    async def answer(self, request: Request, who: Principal, asked: Question) -> FeedPage:
        """The page. A wait ends early, with what there is, when the token ends or is revoked and when the process
        stops. Raises FeedRestarted, StoreAway, QuotaSpent, and ClientDisconnect."""
        page = await self._feed.read(asked.where, asked.after, asked.limit)
        if not asked.wait or len(page.events) == asked.limit:
            return page
        waiting = _Waiting(page)
        with self._places.hold(who.id):
            work = self._collect(asked, waiting) if page.events else self._wait(asked, waiting)
            client_gone = 1
            ways = (work, gone(request.receive), lapsed(request, who), asyncio.sleep(asked.wait))
            if await first_of(*ways) == client_gone:
                raise ClientDisconnect
        return waiting.page

    async def _collect(self, asked: Question, waiting: _Waiting) -> None:
        """Read again a little later."""
        await asyncio.sleep(COLLECT)
        waiting.page = await self._feed.read(asked.where, asked.after, asked.limit)

    async def _wait(self, asked: Question, waiting: _Waiting) -> None:
        """Take the first events that come, and those that follow soon."""
        with self._watcher.follow(asked.where, waiting.page.cursor) as waiter:
            events = await waiter.take()
            waiting.take(events, waiter.cursor, asked.limit)
            if events and not waiter.over:
                await asyncio.sleep(COLLECT)
                with suppress(TimeoutError):
                    async with asyncio.timeout(0):  # only what is in memory
                        events += await waiter.take()
                waiting.take(events, waiter.cursor, asked.limit)


class _Waiting:
    """page: what has been found so far."""

    def __init__(self, page: FeedPage) -> None:
        self.page = page

    def take(self, events: list[FeedEvent], cursor: Cursor | None, limit: int) -> None:
        """These were found, up to the cursor."""
        complete, end = self.page.complete, cursor or self.page.cursor
        more = len(events) > limit
        if more:
            end = Cursor(end.generation, events[limit - 1].place)
        self.page = FeedPage(events[:limit], end, more, complete)
