"""Computes the indices of marked regions.

A sweep takes the running figures of its process (`figures.py`) if no other process has changed the region's scorecards
since they were counted. Else, and once an hour to prove them, it counts: it scans a slim projection of the region's
scorecards and sums up every round at the same time. It stores the indices that differ; at most once a second per
region, and after a pause of nine times its own duration. Safe with any number of replicas; see `marks.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from functools import partial
from uuid import uuid4

import structlog

from services.scoring.index.document import RoundTotals, computed, index_id, keep, scored_card
from services.scoring.index.figures import RunningFigures, Totals
from services.scoring.index.marks import Freshness, Mark, claim, finish, is_marked, mark
from services.scoring.index.rounds import Rounds
from services.scoring.index.spd_document import spd_id
from services.scoring.kinds import KNOWN_REGION, REGION_INDEX, REGION_MARK, SCORECARD, SPD
from shared.clock import Clock, machine_ms
from shared.faults import Away, NotFound
from shared.observability.tracing import origin
from shared.ports.store import Decide, OneOf, Range, State, Store

AUDIT_EVERY = 3_600_000  # ms: a region without a mark is swept again after this time
_BATCH = 200
_FIELDS = {
    "status": "status",
    "applied": "innovation.applied_on",
    "developed": "innovation.developed_on",
    "affair": "innovation.main_affair",
    "catalogue": "scorecard.catalogue",
    "claimed": "scorecard.claimed",
    "verified": "scorecard.verified",
}

log = structlog.get_logger()


class RegionSweep:
    """Marks and sweeps. One per process."""

    def __init__(self, store: Store, rounds: Rounds, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._id = str(uuid4())
        self.figures = RunningFigures(rounds)
        """Of this process. Whoever changes a scorecard reports it to them, or calls `mark`."""
        self.wake = asyncio.Event()
        """Set when this process has marked a region."""
        self._began = machine_ms()
        self._seeded = False

    async def mark(self, region: str) -> None:
        """Mark the region after a durable change that its indices depend on. Its scorecards are counted anew."""
        self.figures.doubt(region)
        await self.mark_followed(region)

    async def mark_followed(self, region: str) -> None:
        """As `mark`, for a change that was reported to the figures or is none of a scorecard."""
        document = await self._store.get(REGION_MARK.name, region)
        if document is not None and is_marked(document.state, self._id):
            return
        await _change_mark(self._store, region, partial(mark, by=self._id))
        self.wake.set()

    async def run(self) -> None:
        """Sweep every region that is due."""
        if not self._seeded:
            await self._seed()
            self._seeded = True
        audit = max(self._began, machine_ms() - AUDIT_EVERY)
        failed: list[Exception] = []
        async for region in self._due(audit):
            try:
                await self.sweep(region, audit=audit)
            except Away:
                raise
            except Exception as error:  # noqa: BLE001 - raised below: one region must not stop the others
                failed.append(error)
        if failed:
            raise failed[0]

    async def sweep(self, region: str, *, audit: int = 0) -> bool:
        """Sweep one region, unless it is not due or another process does. True when it was swept."""
        decide = partial(claim, now=machine_ms(), audit=audit, by=self._id)
        claimed = await _change_mark(self._store, region, decide)
        if claimed is None:
            return False
        generation, counted_by = claimed["generation"], None
        totals = self.figures.of(region) if claimed["counted_by"] == self._id else None
        if totals is None:
            totals, kept = await self._count(region)
            counted_by = self._id if kept else ""
        for each in totals.values():
            await self._keep(region, each, generation)
        await _change_mark(self._store, region, lambda state: finish(state, generation, machine_ms(), counted_by))
        return True

    async def _count(self, region: str) -> tuple[Totals, bool]:
        """Count the scorecards. Returns the totals, and whether they are the running figures from now on."""
        with self.figures.counting(region) as count:
            async for row in self._store.scan(SCORECARD.name, {"region": region}, [*_FIELDS.values()]):
                card = scored_card(**{name: row[path] for name, path in _FIELDS.items()})
                count.add(row.id, row.sequence, card)
            kept = self.figures.counted(region, count)
        if count.former is not None and count.former != count.totals:
            log.error("index.drifted", region=region, why="the running figures were not what the scorecards add up to")
        return count.totals, kept

    async def _keep(self, region: str, totals: RoundTotals, generation: int) -> None:
        year = totals.round.year
        spd = await self._spd(region, year)
        known = await self._store.get(REGION_INDEX.name, index_id(region, year))
        if known is None and spd is None and totals.empty:
            return
        cause, new = origin(self._clock), computed(region, totals, spd, generation)
        await self._store.change(REGION_INDEX.name, index_id(region, year), lambda state: keep(state, new, cause))

    async def _spd(self, region: str, year: int) -> tuple[Decimal, str] | None:
        document = await self._store.get(SPD.name, spd_id(region, year))
        if document is None:
            return None
        return Decimal(str(document.state["score"]["points"])), document.state["catalogue"]

    async def _due(self, audit: int) -> AsyncIterator[str]:
        waiting = {"freshness": OneOf([Freshness.STALE.value, Freshness.SWEEPING.value])}
        for where in (waiting, {"swept": Range(below=audit)}):
            after: str | None = None
            while True:
                page = await self._store.find(REGION_MARK.name, where, limit=_BATCH, after=after)
                for document in page.documents:
                    if Mark.model_validate(document.state).may_be_claimed(machine_ms(), audit):
                        yield document.id
                after = page.after
                if after is None:
                    break

    async def _seed(self) -> None:
        """Mark every known region that has no mark yet."""
        async for region in self._store.scan(KNOWN_REGION.name, {}, []):
            if await self._store.get(REGION_MARK.name, region.id) is None:
                await self.mark(region.id)


async def _change_mark(store: Store, region: str, decide: Decide) -> State | None:
    """Change a mark. Returns the new state, None when nothing changed."""
    try:
        document = await store.change(REGION_MARK.name, region, decide)
    except NotFound:  # `decide` did not create it
        return None
    return document.state if document.changed else None
