"""`rescore`: scorecards of a region and year under another catalogue, in one pass with flat memory.

The pass reads slim projections, counts levels without words, and (unless it is a dry run) changes what differs, chunk
by chunk, many documents at once; while one chunk is changed, the next is read. It may end at any instant: the next
runner goes on at the cursor.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any
from uuid import uuid4

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.library import Catalogues, newest
from services.scoring.catalogue.renumbering import alike
from services.scoring.index.marks import MarkRegion, mark_nothing
from services.scoring.kinds import RESCORE, SCORECARD
from services.scoring.rescore import document
from services.scoring.rescore.counting import Counting
from services.scoring.rescore.decision import rescored
from services.scoring.rescore.document import RescoreProgress, RescoreRequest, RescoreState
from services.scoring.rescore.report import Change, RescoreReport
from services.scoring.rescore.scored_rows import ScoredRows
from shared.clock import Clock, machine_ms
from shared.contracts.contract import Origin
from shared.faults import Conflict
from shared.observability.tracing import origin
from shared.ports.store import ID, Decide, Decision, Document, OneOf, Range, ScanRow, State, Store

CHUNK = 512  # scorecards between two notes of the cursor
TURN = 16  # scorecards looked at before others have their turn
FIELDS = (
    *("catalogue", "region", "agency", "scorecard.claimed", "scorecard.verified"),
    *("innovation.name", "innovation.evidence"),
)

Watch = Callable[[Change | None], None]
"""Told of every innovation that was looked at: what changes, None for nothing."""


def unwatched(_change: Change | None) -> None:
    """For nobody."""


class Rescoring:
    """Takes wishes, and fulfils them."""

    def __init__(self, store: Store, catalogues: Catalogues, clock: Clock, mark: MarkRegion = mark_nothing) -> None:
        self._store = store
        self._catalogues = catalogues
        self._clock = clock
        self._mark = mark
        self._runner = str(uuid4())
        self.wake = asyncio.Event()
        """Set when a rescore waits to be started."""
        self._alike: dict[tuple[str, str], bool] = {}

    def catalogue(self, name: str) -> Catalogue:
        """The catalogue of that name. Raises Invalid."""
        return self._catalogues[newest(self._catalogues, name, "catalogue")]

    async def count(self, wish: RescoreRequest) -> int:
        """How many scorecards the wish is about."""
        return sum([1 async for _ in self._store.scan(SCORECARD.name, _where(wish), ())])

    async def dry_run(self, wish: RescoreRequest, watch: Watch = unwatched) -> RescoreReport:
        """What it would change; nothing is written. Raises Invalid."""
        report = RescoreReport()
        async for _, change in self._changes(wish, "", report):
            watch(change)
        return report

    async def ask(self, wish: RescoreRequest, by: str) -> RescoreState:
        """Write the wish down; one that is under way serves again. Raises Invalid."""
        catalogue, now = self.catalogue(wish.catalogue), self._clock.now().isoformat()
        step = partial(document.ask, wish=wish, digest=catalogue.digest, by=by, now=now)
        return RescoreState.model_validate((await self._store.change(RESCORE.name, wish.id, step)).state)

    async def order(self, id: str, wish: RescoreRequest, by: str, body: str) -> Document:
        """A rescore to be run by whichever process comes first. body: the fingerprint of the request. Raises Invalid,
        KeyReused."""
        catalogue, now = self.catalogue(wish.catalogue), self._clock.now().isoformat()
        made = RescoreState(wish=wish, digest=catalogue.digest, by=by, begun=now, created_by_body=body)
        ordered = await self._store.change(RESCORE.name, id, partial(document.order, made=made))
        self.wake.set()
        return ordered

    async def run(self, id: str, watch: Watch = unwatched) -> RescoreState:
        """Go on with a rescore until it is done. Raises Conflict when another process is at work on it."""
        state = await self._step(id, partial(document.claim, runner=self._runner, now=machine_ms()))
        if state.status is RescoreProgress.DONE:
            return state
        if state.total is None:
            total = await self.count(state.wish)
            state = await self._step(id, partial(document.size, runner=self._runner, total=total))
        await self._pass(id, state, watch)
        return await self._step(id, partial(document.finish, runner=self._runner, now=self._clock.now().isoformat()))

    async def _pass(self, id: str, state: RescoreState, watch: Watch) -> None:
        told, report = ScoredRows(self.catalogue(state.wish.catalogue)), state.report
        chunk: list[str] = []
        cursor = state.cursor
        changing = await self._begin(state, told)  # what the runner before may not have got to
        try:
            async for slim, change in self._changes(state.wish, cursor, report):
                watch(change)
                cursor = slim.id
                if self._may_change(slim["catalogue"], told.catalogue):
                    chunk.append(cursor)
                if report.seen % TURN == 0:
                    await asyncio.sleep(0)  # while a chunk becomes durable, the next one is looked at
                if report.seen % CHUNK == 0:
                    await changing
                    noted = await self._note(id, document.Note(cursor, chunk, report.model_dump(mode="json")))
                    changing, chunk = await self._begin(noted, told), []
            await changing
            if cursor != state.cursor:
                noted = await self._note(id, document.Note(cursor, chunk, report.model_dump(mode="json")))
                changing = await self._begin(noted, told)
                await changing
        finally:
            changing.cancel()
            await asyncio.gather(changing, return_exceptions=True)

    async def pending(self) -> None:
        """Go on with every rescore that nobody is at work on, and whose catalogue this process has: in the order in
        which they were asked for, so that of two about the same scorecards the later one prevails."""
        open_ones = {"status": OneOf([RescoreProgress.QUEUED.value, RescoreProgress.RUNNING.value])}
        found = [each async for each in self._store.scan(RESCORE.name, open_ones, ("wish", "begun", "lease_until"))]
        before: list[RescoreRequest] = []
        for each in sorted(found, key=lambda each: (each["begun"], each.id)):
            wish = RescoreRequest.model_validate(each["wish"])
            may = each["lease_until"] <= machine_ms() and wish.catalogue in self._catalogues
            if may and not any(wish.meets(other) for other in before):
                with contextlib.suppress(Conflict):  # another replica was faster
                    await self.run(each.id)
                    continue
            before.append(wish)

    async def _note(self, id: str, note: document.Note) -> RescoreState:
        step = partial(document.write_down, runner=self._runner, now=machine_ms(), note=note)
        return await self._step(id, step)

    async def _begin(self, state: RescoreState, told: ScoredRows) -> asyncio.Task[None]:
        """Change the chunk that is written down, beside the look at the next one; nothing else is under way now."""
        return asyncio.create_task(self._apply(state, told))

    async def _apply(self, state: RescoreState, told: ScoredRows) -> None:
        if state.wish.dry_run:
            return
        made = origin(self._clock)

        async def one(id: str) -> str | None:
            changed = await self._store.change(SCORECARD.name, id, lambda now: self._decide(now, told, made))
            return changed.state["region"] if changed.changed else None

        regions = set(await asyncio.gather(*(one(id) for id in state.chunk)))
        for region in sorted(each for each in regions if each is not None):
            await self._mark(region)

    def _decide(self, state: State | None, told: ScoredRows, made: Origin) -> Decision:
        if state is None or not self._may_change(state["catalogue"], told.catalogue):
            return None
        return rescored(state, told, made)

    def _may_change(self, name: str | None, new: Catalogue) -> bool:
        """A card that has a catalogue, and evidence that means the same rows in the new one."""
        old = self._catalogues.get(name) if name is not None else None
        return old is not None and self._same_numbers(old, new)

    def _same_numbers(self, old: Catalogue, new: Catalogue) -> bool:
        pair = (old.name, new.name)
        if pair not in self._alike:
            self._alike[pair] = alike(old, new)
        return self._alike[pair]

    async def _changes(
        self, wish: RescoreRequest, cursor: str, report: RescoreReport
    ) -> AsyncIterator[tuple[ScanRow, Change | None]]:
        """Every scorecard behind the cursor with what changes, counted in the report as it goes by."""
        counting = Counting(self.catalogue(wish.catalogue), self._catalogues)
        where = _where(wish) | ({ID: Range(least=cursor)} if cursor else {})
        async for slim in self._store.scan(SCORECARD.name, where, FIELDS):
            if slim.id == cursor:
                continue
            change = counting.change(slim)
            report.take(change, waiting=slim["catalogue"] is None, alike=counting.alike(slim["catalogue"]))
            yield slim, change

    async def _step(self, id: str, step: Decide) -> RescoreState:
        """One change of the document. Raises Conflict when it is another runner's."""
        changed = await self._store.change(RESCORE.name, id, step)
        state = RescoreState.model_validate(changed.state)
        if not changed.changed and state.status is not RescoreProgress.DONE:
            raise Conflict("Penilaian ulang ini sedang dikerjakan proses lain.")
        return state


def _where(wish: RescoreRequest) -> dict[str, Any]:
    return {
        **({"region": wish.region} if wish.region is not None else {}),
        **({"year": wish.year} if wish.year is not None else {}),
    }
