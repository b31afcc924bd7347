"""Finds the endpoints for which there is something to do, and serves them at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from services.feed.endpoints.connection import WebhookClient
from services.feed.endpoints.endpoint import Serving
from services.feed.endpoints.hand_overs import MOST_AT_ONCE, HandOvers
from services.feed.endpoints.kinds import ENDPOINT
from services.feed.endpoints.progress import Progress
from services.feed.endpoints.repositories import endpoint_repository, progress_repository
from services.feed.latest.cursor import Cursor, FeedRestarted
from services.feed.latest.feed import Feed
from services.feed.latest.page import Selection
from services.feed.latest.watcher import Watcher
from shared.clock import Clock, machine_ms
from shared.faults import StoreAway
from shared.ports.store import ID, OneOf, Store

EVERY = 2.0  # seconds between two looks, when nothing in this process says that there is something new
MOST_SERVED = 32  # endpoints at the same time
_AT_ONCE = 200  # documents of one query
_NOTHING = Selection(subjects=frozenset())

log = structlog.get_logger("feed")


class Sender:
    """Serves all active endpoints. wake: set when there is something new; the loop that calls `run` waits for it."""

    def __init__(self, store: Store, feed: Feed, watcher: Watcher, client: WebhookClient, clock: Clock) -> None:
        self.wake = asyncio.Event()
        self._store = store
        self._feed = feed
        self._watcher = watcher
        self._stopping = False
        self._hand_overs = HandOvers(store, feed, client, clock, stopping=lambda: self._stopping)
        self._endpoints = endpoint_repository(store)
        self._progresses = progress_repository(store)
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._skipped: set[str] = set()  # those that were served already when there was something new
        self._idle: dict[str, Cursor] = {}  # endpoint → up to where there was nothing for it
        self._following: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Begin to serve what is due and not served yet. Returns without waiting for receivers. Raises StoreAway."""
        ids = [row.id async for row in self._store.scan(ENDPOINT.name, {"serving": Serving.ACTIVE.value}, ())]
        self._idle = {id: self._idle[id] for id in ids if id in self._idle}
        if not ids:
            return
        mark = (await self._feed.read(_NOTHING, None, 1)).cursor
        self._skipped.update(self._serving)
        waiting = [id for id in ids if id not in self._serving]
        for start in range(0, len(waiting), _AT_ONCE):
            for each in await self._due(waiting[start : start + _AT_ONCE], mark):
                if len(self._serving) >= MOST_SERVED:
                    break  # whoever ends wakes the loop
                self._begin(each)
        self._follow(mark)

    async def close(self) -> None:
        """Begin no further hand-over; wait for those under way, which end within their time limit."""
        self._stopping = True
        if self._following is not None:
            self._following.cancel()
        await asyncio.gather(*self._serving.values(), return_exceptions=True)

    async def _due(self, ids: Sequence[str], mark: Cursor) -> list[str]:
        """Those for which there may be something to do."""
        page = await self._progresses.list({ID: OneOf(list(ids))}, limit=len(ids), after=None)
        known = {each.id: each.value for each in page.items}
        found, now = [], machine_ms()
        for id in ids:
            progress = known.get(id, Progress())
            if not progress.is_free(now) or not progress.has_work(now):
                self._look_again(progress, now)
            elif progress.wanted or (self._idle.get(id) != mark and await self._has_next(id, progress)):
                found.append(id)
            else:
                self._idle[id] = mark
        return found

    async def _has_next(self, id: str, progress: Progress) -> bool:
        endpoint = await self._endpoints.get(id)
        try:
            return bool((await self._hand_overs.next_event(endpoint.value, progress)).events)
        except FeedRestarted:
            return True

    def _look_again(self, progress: Progress, now: int) -> None:
        """Wake the loop when the next attempt is due, if that is soon."""
        seconds = (progress.due - now) / 1000
        if 0 < seconds < EVERY:
            asyncio.get_running_loop().call_later(seconds, self.wake.set)

    def _begin(self, id: str) -> None:
        self._idle.pop(id, None)
        self._serving[id] = asyncio.create_task(self._serve(id))

    async def _serve(self, id: str) -> None:
        made = 0
        try:
            made = await self._hand_overs.serve(id)
        except StoreAway:
            log.warning("webhook.store_away", endpoint=id)
        except Exception:
            log.exception("webhook.failed", endpoint=id)
        finally:
            del self._serving[id]
            if made == MOST_AT_ONCE or len(self._serving) == MOST_SERVED - 1 or id in self._skipped:
                self.wake.set()
            self._skipped.discard(id)

    def _follow(self, mark: Cursor) -> None:
        """Wake the loop when the feed moves beyond the mark."""
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._wait_for_more(mark))

    async def _wait_for_more(self, mark: Cursor) -> None:
        try:
            await self._watcher.changed(mark)
        except StoreAway:
            return
        self.wake.set()
