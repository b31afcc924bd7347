"""Watches the feed for all who wait in this process: what is new is read once, and handed out from memory."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterator

from services.feed.latest.cursor import Cursor, FeedRestarted
from services.feed.latest.feed import Feed
from services.feed.latest.mark import Marks
from services.feed.latest.page import FeedEvent, Selection
from services.feed.metrics import WAITERS, WAITERS_FULL

POLL = 0.25  # seconds between two looks at the mark: it may have been moved by another process
BUFFER = 256  # events of one waiter
_MEMORY = 1_000  # events that are kept for those who begin to wait
_AT_ONCE = 200  # events of one read
_EVERYTHING = Selection()


class Waiter:
    """One who waits for events. cursor: up to where `take` has given them; over: why it ended: `full`, `stopped`."""

    def __init__(self, watcher: Watcher, feed: Feed, where: Selection, after: Cursor | None) -> None:
        self.cursor = after
        self.over = ""
        self.restarted = False
        self.joined = False
        self._watcher = watcher
        self._feed = feed
        self.where = where
        self._buffer: deque[FeedEvent] = deque()
        self._seen = 0
        self._changed = asyncio.Event()

    async def take(self) -> list[FeedEvent]:
        """Wait for the next events; none when it is over. May be cancelled, and loses nothing then. Raises
        FeedRestarted, StoreAway."""
        while not self.joined and not self.over:
            page = await self._feed.read(self.where, self.cursor, BUFFER)
            self.cursor = page.cursor
            if page.events:
                return page.events
            if not page.more and not self._watcher.join(self, page.cursor):
                await asyncio.sleep(POLL)  # it looks first
        while not self._buffer and not self.over and not self.restarted:
            self._changed.clear()
            await self._changed.wait()
        if self.restarted:
            raise FeedRestarted
        events = list(self._buffer)
        self._buffer.clear()
        if self.cursor is not None and (events or not self.over):
            end = events[-1].place if self.over else self._seen
            self.cursor = Cursor(self.cursor.generation, max(self.cursor.place, end))
        return events

    def offer(self, events: list[FeedEvent], seen: int) -> None:
        """These are new and selected, and all up to the place `seen` have been offered."""
        if self.over or self.cursor is None:
            return
        after = max(self.cursor.place, self._seen)
        wanted = [each for each in events if each.place > after]
        room = BUFFER - len(self._buffer)
        self._buffer.extend(wanted[:room])
        if len(wanted) > room:
            WAITERS_FULL.inc()
            self.end("full")
            return
        self._seen = seen
        if wanted:
            self._changed.set()

    def end(self, why: str, *, restarted: bool = False) -> None:
        """No more events come."""
        self.over = self.over or why
        self.restarted = restarted
        self._changed.set()


class Watcher:
    """One per process. `look` is run by a loop, and at once when `wake` is set."""

    def __init__(self, feed: Feed, marks: Marks) -> None:
        self.wake = asyncio.Event()
        self._feed = feed
        self._marks = marks
        self._waiters: set[Waiter] = set()
        self._callers = 0
        self._moved = asyncio.Event()
        self._memory: deque[FeedEvent] = deque()
        self._floor = 0
        self._at: Cursor | None = None
        self._stopped = False

    @contextlib.contextmanager
    def follow(self, where: Selection, after: Cursor | None) -> Iterator[Waiter]:
        """One who waits for what comes after a cursor; None: everything, from the beginning."""
        waiter = Waiter(self, self._feed, where, after)
        WAITERS.inc()
        try:
            if self._stopped:
                waiter.end("stopped")
            yield waiter
        finally:
            WAITERS.dec()
            self._waiters.discard(waiter)

    async def changed(self, after: Cursor | None) -> None:
        """Return when there may be more than up to this cursor, or when the process stops. Raises StoreAway."""
        self._callers += 1
        self.wake.set()
        try:
            while not self._stopped:
                moved = self._moved
                mark = await self._marks.current()
                if after is None or (mark.generation, mark.mark) != (after.generation, min(after.place, mark.mark)):
                    return
                await moved.wait()
        finally:
            self._callers -= 1

    def stop(self) -> None:
        """End all who wait, now and later: the process stops."""
        self._stopped = True
        for waiter in self._waiters:
            waiter.end("stopped")
        self._moved.set()

    async def look(self) -> None:
        """Read what is new, and hand it out. Raises StoreAway."""
        if not self._waiters and not self._callers:
            self._forget()
            return
        mark = await self._marks.current()
        here = Cursor(mark.generation, mark.mark)
        if self._at is None or (not self._waiters and self._at != here):  # nobody to hand out to: only tell
            self._forget()
            self._at, self._floor = here, mark.mark
            self._tell()
        if mark.generation != self._at.generation:
            for waiter in self._waiters:
                waiter.end("restarted", restarted=True)
            self._waiters.clear()
            self._forget()
            self._tell()
            return
        while self._at.place < mark.mark:
            page = await self._feed.read_up_to(mark, _EVERYTHING, self._at, _AT_ONCE)
            self._at = page.cursor
            self._remember(page.events)
            chosen: dict[Selection, list[FeedEvent]] = {}  # many waiters, few selections
            for waiter in self._waiters:
                if waiter.where not in chosen:
                    chosen[waiter.where] = [each for each in page.events if waiter.where.has(each)]
                waiter.offer(chosen[waiter.where], page.cursor.place)
            self._tell()

    def join(self, waiter: Waiter, after: Cursor) -> bool:
        """Let the waiter have what comes after this cursor; False when that is not remembered any more."""
        if self._stopped:
            waiter.end("stopped")
            return True
        if self._at is None:
            self._at, self._floor = after, after.place
        if after.generation != self._at.generation or after.place < self._floor:
            self.wake.set()
            return False
        waiter.joined = True
        self._waiters.add(waiter)
        waiter.offer([each for each in self._memory if waiter.where.has(each)], self._at.place)
        self.wake.set()
        return True

    def _remember(self, events: list[FeedEvent]) -> None:
        self._memory.extend(events)
        while len(self._memory) > _MEMORY:
            self._floor = self._memory.popleft().place

    def _forget(self) -> None:
        self._memory.clear()
        self._at = None

    def _tell(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
