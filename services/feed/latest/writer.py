"""Places events: one writer, a batch at a time.

The mark moves over a batch when every write of it has been carried out, and its term was still in force after that. If
another term has begun, the whole batch is placed once more; if the fate of a write is unknown, the term ends, and the
event comes back as one that may repeat. See docs/adr/0039-the-feed-s-places.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import structlog

from services.feed.kinds import LATEST
from services.feed.latest.mark import Mark, Marks, Term
from services.feed.latest.placing import Arrived, Overtaken, newest, placed
from shared.backoff import rest
from shared.clock import machine_ms
from shared.faults import Away
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Change, Decision, Document, Documents, State

MOST = 256  # events of a batch
GATHER = 0.02  # seconds between two batches: what arrives meanwhile shares a commit
MARK_AFTER = 0.05  # seconds without an event after which the mark is stored; else it is with the next batch

log = structlog.get_logger("feed")

_Waiting = tuple[Arrived, asyncio.Future[None]]


class LatestWriter:
    """Gives events their places. Safe for many coroutines of one loop; it has no task while nothing arrives."""

    def __init__(
        self,
        store: Documents,
        marks: Marks,
        *,
        moved: Callable[[], None] = lambda: None,
        clock: Callable[[], int] = machine_ms,
        gather: float = GATHER,
    ) -> None:
        """moved: called when readers may read more; clock: machine time in milliseconds; gather: see GATHER."""
        self._store = store
        self._marks = marks
        self._moved = moved
        self._clock = clock
        self._gather = gather
        self._term: Term | None = None
        self._waiting: list[_Waiting] = []
        self._arrived = asyncio.Event()
        self._stopping = asyncio.Event()
        self._unstored: tuple[Term, int] | None = None
        self._task: asyncio.Task[None] | None = None

    async def place(self, arrived: Arrived) -> None:
        """Return when the event, or a newer one of its subject, is kept. Raises StoreAway when that is not sure; then
        the same event must come again, as one that may repeat."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((arrived, future))
        self._arrived.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="feed: places")
        await future

    async def stop(self) -> None:
        """Place what waits, and store the mark."""
        self._stopping.set()
        self._arrived.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while self._waiting or self._unstored is not None:
            if not self._waiting:
                self._arrived.clear()
                await rest(0 if self._stopping.is_set() else MARK_AFTER, self._arrived)
            if not self._waiting:
                await self._store_mark()
                if self._stopping.is_set():
                    return
                continue
            batch = self._waiting[:MOST]
            del self._waiting[:MOST]
            await self._place_batch(batch)
            await rest(self._gather, self._stopping)

    async def _place_batch(self, batch: list[_Waiting]) -> None:
        failed: dict[str, Exception] = {}
        try:
            chosen = list(newest([arrived for arrived, _ in batch]).values())
            term = await self._term_for(len(chosen))
            changes = list(self._changes(term, chosen))
            reach(Failpoint.EVENTS_PLACED, chosen[0].event_id)
            results, _ = await asyncio.gather(self._store.change_many(changes), self._store_mark())
            reach(Failpoint.EVENTS_KEPT, chosen[0].event_id)
            mark = await self._marks.load()
            for arrived, result in zip(chosen, results, strict=True):
                if not isinstance(result, Document):
                    failed[arrived.subject] = result
                elif not _is_of(term, mark):  # a reader may have passed before the write was carried out
                    failed[arrived.subject] = Overtaken(arrived.subject)
        except Exception as error:  # noqa: BLE001 - it is the fate of the whole batch
            failed = {arrived.subject: error for arrived, _ in batch}
        if failed:
            self._term = None
            log.info("feed.term-ended", events=len(failed), why=repr(next(iter(failed.values()))))
        else:
            term.begin, term.complete = mark.begin, mark.complete
            self._marks.reach(term)
            self._unstored = (term, term.last)
            reach(Failpoint.MARK_MOVED, chosen[0].event_id)
            self._moved()
        self._answer(batch, failed)

    def _answer(self, batch: Sequence[_Waiting], failed: dict[str, Exception]) -> None:
        """Tell the callers what became of their events; those that were overtaken are placed again."""
        for arrived, future in batch:
            error = failed.get(arrived.subject)
            if isinstance(error, Overtaken):
                self._waiting.append((replace(arrived, may_repeat=True), future))
            elif future.done():
                continue
            elif error is None:
                future.set_result(None)
            else:
                future.set_exception(error)

    async def _term_for(self, count: int) -> Term:
        """A term that may hand out so many places. It may be over by now: that is looked at after the writes. Raises
        StoreAway."""
        term = self._term or await self._marks.begin_term()
        while True:
            first = max(self._clock(), term.last + 1)
            if first + count - 1 <= term.reserved or await self._marks.reserve(term, first + count - 1):
                break
            term = await self._marks.begin_term()
        term.last = first - 1
        self._term = term
        return term

    def _changes(self, term: Term, chosen: Sequence[Arrived]) -> list[Change]:
        doubtful = 0 if term.complete else term.first
        changes = []
        for arrived in chosen:
            term.last += 1
            decide = partial(_decided, arrived=arrived, place=term.last, begin=term.begin, doubtful=doubtful)
            changes.append(Change(LATEST.name, arrived.subject, decide))
        return changes

    async def _store_mark(self) -> None:
        """Store how far readers may read, if that is not stored yet. A store that is away is asked again later."""
        unstored = self._unstored
        if unstored is None:
            return
        try:
            await self._marks.store(*unstored)
        except Away:
            return
        if self._unstored == unstored:
            self._unstored = None


def _is_of(term: Term, mark: Mark) -> bool:
    return (term.generation, term.number) == (mark.generation, mark.term)


def _decided(kept: State | None, *, arrived: Arrived, place: int, begin: int, doubtful: int) -> Decision:
    after = placed(kept, arrived, place, begin=begin, doubtful=doubtful)
    return None if after is None else (after, None)
