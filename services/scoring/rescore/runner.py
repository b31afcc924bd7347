"""Runs rescores: the scorecards of a region and year under another catalogue, in one pass with flat memory.

The pass scans slim projections, compares levels without explanations, and (unless it is a dry run) changes what
differs, chunk by chunk, many documents at once; while one chunk is changed, the next is scanned. It may be killed at
any instant: the next runner continues at the cursor.
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
from services.scoring.scorecard.draft_marker import DRAFT
from services.scoring.scorecard.scored_rows import ScoredRows
from services.scoring.scorecard.scored_state import change_of
from shared.clock import Clock, machine_ms
from shared.contracts.contract import Origin
from shared.faults import Conflict
from shared.observability.tracing import origin
from shared.ports.store import ID, Decide, Decision, Document, OneOf, Range, ScanRow, State, Store
from shared.ports.store import Change as StoreChange
from shared.storage.stored import Fingerprint

CHUNK = 512  # scorecards between two checkpoints
TURN = 16  # scorecards between two yields to the event loop
FIELDS = (
    *("stand", "catalogue", "region", "agency", "scorecard.claimed", "scorecard.verified"),
    *("innovation.name", "innovation.evidence"),
)

Watch = Callable[[Change | None], None]
"""Called with the change of every scanned innovation; None: it does not change."""


def unwatched(_change: Change | None) -> None:
    """A Watch that does nothing."""


class Rescoring:
    """Accepts requests for rescores and runs them."""

    def __init__(self, store: Store, catalogues: Catalogues, clock: Clock, mark: MarkRegion = mark_nothing) -> None:
        self._store = store
        self._catalogues = catalogues
        self._clock = clock
        self._mark = mark
        self._runner = str(uuid4())
        self.wake = asyncio.Event()
        """Set when a rescore is queued."""
        self._alike: dict[tuple[str, str], bool] = {}

    def catalogue(self, name: str) -> Catalogue:
        """The catalogue of that name. Raises Invalid."""
        return self._catalogues[newest(self._catalogues, name, "catalogue")]

    async def count(self, request: RescoreRequest) -> int:
        """The number of scorecards in the request's scope."""
        rows = self._store.scan(SCORECARD.name, _where(request), ("stand",))
        return sum([row["stand"] != DRAFT async for row in rows])

    async def dry_run(self, request: RescoreRequest, watch: Watch = unwatched) -> RescoreReport:
        """The report of a rescore that writes nothing. Raises Invalid."""
        report = RescoreReport()
        async for _, change in self._changes(request, "", report):
            watch(change)
        return report

    async def request(self, request: RescoreRequest, by: str) -> RescoreState:
        """Store a request; an equal one that is not done yet serves both. Raises Invalid."""
        catalogue, now = self.catalogue(request.catalogue), self._clock.now().isoformat()
        step = partial(document.request, wish=request, digest=catalogue.digest, by=by, now=now)
        return RescoreState.model_validate((await self._store.change(RESCORE.name, request.id, step)).state)

    async def enqueue(self, id: str, request: RescoreRequest, by: str, body: Fingerprint) -> Document:
        """Queue a rescore for the first process that is free. body: fingerprint of the HTTP request. Raises Invalid,
        KeyReused."""
        catalogue, now = self.catalogue(request.catalogue), self._clock.now().isoformat()
        made = RescoreState(wish=request, digest=catalogue.digest, by=by, begun=now, created_by_body=body.sent)
        queued = await self._store.change(RESCORE.name, id, partial(document.enqueue, made=made, body=body))
        self.wake.set()
        return queued

    async def run(self, id: str, watch: Watch = unwatched) -> RescoreState:
        """Run or continue a rescore until it is done. Raises Conflict when another process runs it."""
        state = await self._step(id, partial(document.claim, runner=self._runner, now=machine_ms()))
        if state.status is RescoreProgress.DONE:
            return state
        if state.total is None:
            total = await self.count(state.wish)
            state = await self._step(id, partial(document.size, runner=self._runner, total=total))
        await self._pass(id, state, watch)
        return await self._step(id, partial(document.finish, runner=self._runner, now=self._clock.now().isoformat()))

    async def _pass(self, id: str, state: RescoreState, watch: Watch) -> None:
        rows, report = ScoredRows(self.catalogue(state.wish.catalogue)), state.report
        chunk: list[str] = []
        cursor = state.cursor
        changing = await self._begin(state, rows)  # the former runner may have been killed before it changed them
        try:
            async for row, change in self._changes(state.wish, cursor, report):
                watch(change)
                cursor = row.id
                if self._may_change(row["catalogue"], rows.catalogue):
                    chunk.append(cursor)
                if report.seen % TURN == 0:
                    await asyncio.sleep(0)  # lets the writes of the former chunk proceed
                if report.seen % CHUNK == 0:
                    await changing
                    saved = await self._save(id, document.Checkpoint(cursor, chunk, report.model_dump(mode="json")))
                    changing, chunk = await self._begin(saved, rows), []
            await changing
            if cursor != state.cursor:
                saved = await self._save(id, document.Checkpoint(cursor, chunk, report.model_dump(mode="json")))
                changing = await self._begin(saved, rows)
                await changing
        finally:
            changing.cancel()
            await asyncio.gather(changing, return_exceptions=True)

    async def pending(self) -> None:
        """Run every rescore that no process runs and whose catalogue this process has, in the order of the requests: of
        two about the same scorecards the later one prevails."""
        unfinished = {"status": OneOf([RescoreProgress.QUEUED.value, RescoreProgress.RUNNING.value])}
        found = [each async for each in self._store.scan(RESCORE.name, unfinished, ("wish", "begun", "lease_until"))]
        earlier: list[RescoreRequest] = []
        for each in sorted(found, key=lambda each: (each["begun"], each.id)):
            request = RescoreRequest.model_validate(each["wish"])
            is_free = each["lease_until"] <= machine_ms() and request.catalogue in self._catalogues
            if is_free and not any(request.overlaps(other) for other in earlier):
                with contextlib.suppress(Conflict):  # another replica was faster
                    await self.run(each.id)
                    continue
            earlier.append(request)

    async def _save(self, id: str, checkpoint: document.Checkpoint) -> RescoreState:
        step = partial(document.save, runner=self._runner, now=machine_ms(), checkpoint=checkpoint)
        return await self._step(id, step)

    async def _begin(self, state: RescoreState, rows: ScoredRows) -> asyncio.Task[None]:
        """Start to change the saved chunk while the next one is scanned; the former chunk is done."""
        return asyncio.create_task(self._apply(state, rows))

    async def _apply(self, state: RescoreState, rows: ScoredRows) -> None:
        if state.wish.dry_run:
            return
        cause = origin(self._clock)

        decides = [change_of(lambda now: self._decide(now, rows, cause)) for _ in state.chunk]
        changes = [StoreChange(SCORECARD.name, id, each) for id, each in zip(state.chunk, decides, strict=True)]
        done = await self._store.change_many(changes)
        regions: set[str] = set()
        for changed, decide in zip(done, decides, strict=True):
            if isinstance(changed, Exception):
                raise changed
            if changed.changed and decide.latest is not None:
                regions.add(decide.latest["region"])
        for region in sorted(regions):
            await self._mark(region)

    def _decide(self, state: State | None, rows: ScoredRows, cause: Origin) -> Decision:
        if state is None or not self._may_change(state["catalogue"], rows.catalogue):
            return None
        return rescored(state, rows, cause)

    def _may_change(self, name: str | None, new: Catalogue) -> bool:
        """Whether the card has a catalogue that numbers its rows as the new one does."""
        old = self._catalogues.get(name) if name is not None else None
        return old is not None and self._same_numbers(old, new)

    def _same_numbers(self, old: Catalogue, new: Catalogue) -> bool:
        pair = (old.name, new.name)
        if pair not in self._alike:
            self._alike[pair] = alike(old, new)
        return self._alike[pair]

    async def _changes(
        self, request: RescoreRequest, cursor: str, report: RescoreReport
    ) -> AsyncIterator[tuple[ScanRow, Change | None]]:
        """Every scorecard after the cursor with its change, counted in the report."""
        counting = Counting(self.catalogue(request.catalogue), self._catalogues)
        where = _where(request) | ({ID: Range(least=cursor)} if cursor else {})
        async for row in self._store.scan(SCORECARD.name, where, FIELDS):
            if row.id == cursor or row["stand"] == DRAFT:
                continue
            change = counting.change(row)
            report.take(change, waiting=row["catalogue"] is None, alike=counting.alike(row["catalogue"]))
            yield row, change

    async def _step(self, id: str, step: Decide) -> RescoreState:
        """Change the rescore's document. Raises Conflict when another process runs it."""
        changed = await self._store.change(RESCORE.name, id, step)
        state = RescoreState.model_validate(changed.state)
        if not changed.changed and state.status is not RescoreProgress.DONE:
            raise Conflict("Penilaian ulang ini sedang dikerjakan proses lain.")
        return state


def _where(request: RescoreRequest) -> dict[str, Any]:
    return {
        **({"region": request.region} if request.region is not None else {}),
        **({"year": request.year} if request.year is not None else {}),
    }
