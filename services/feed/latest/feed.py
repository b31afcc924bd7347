"""Reads the feed in the order of places."""

from __future__ import annotations

import heapq
from operator import attrgetter

from services.feed.kinds import LATEST
from services.feed.latest.cursor import Cursor, FeedRestarted
from services.feed.latest.mark import Mark, Marks
from services.feed.latest.page import FeedEvent, FeedPage, Selection, event_in
from shared.ports.store import Documents, Range, Where


class Feed:
    """The events up to the mark. A reader that follows its cursors gets, of every subject in its selection, the newest
    event that the feed has at the end; some events perhaps more than once."""

    def __init__(self, store: Documents, marks: Marks) -> None:
        self._store = store
        self._marks = marks

    async def read(self, where: Selection, after: Cursor | None, limit: int) -> FeedPage:
        """The next events. after: None: from the beginning. Raises FeedRestarted for a cursor of another generation,
        StoreAway."""
        mark = await self._marks.current()
        return await self.read_up_to(mark, where, after, limit)

    async def read_up_to(self, mark: Mark, where: Selection, after: Cursor | None, limit: int) -> FeedPage:
        """As `read`, up to a mark that the caller knows."""
        if after is not None and after.generation != mark.generation:
            raise FeedRestarted
        place = mark.begin if after is None else max(after.place, mark.begin)
        events = await self._events(where, place, mark.mark, limit + 1) if place < mark.mark else []
        more = len(events) > limit
        end = events[limit - 1].place if more else max(place, mark.mark)
        return FeedPage(events[:limit], Cursor(mark.generation, end), more, mark.complete)

    async def _events(self, where: Selection, after: int, most: int, limit: int) -> list[FeedEvent]:
        """Of several kinds of subject, each is read for itself: no index has them in one order."""
        conditions: dict[str, object] = {"place": Range(least=after + 1, most=most)}
        if where.region is not None:
            conditions["region"] = where.region
        if where.province is not None:
            conditions["province"] = where.province
        if where.subjects is None:
            return await self._found(conditions, limit)
        found = [await self._found({**conditions, "kind": kind}, limit) for kind in sorted(where.subjects)]
        return list(heapq.merge(*found, key=attrgetter("place")))[:limit]

    async def _found(self, conditions: Where, limit: int) -> list[FeedEvent]:
        page = await self._store.find(LATEST.name, conditions, sort=[("place", 1)], limit=limit)
        return [event_in(document.id, document.state) for document in page.documents]
