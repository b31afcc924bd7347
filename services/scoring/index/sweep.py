"""Computes the indices of marked regions.

Level-triggered: a sweep does not know what changed. It scans a slim projection of the region's scorecards once, sums up
every round at the same time, and stores the indices that differ; at most once a second per region, and after a pause of
four times its own duration, so that an import costs a few sweeps. Safe with any number of replicas; see `marks.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from services.scoring.index.document import RoundTotals, ScoredCard, computed, index_id, keep
from services.scoring.index.marks import Freshness, Mark, claim, finish, is_stale, mark
from services.scoring.index.rounds import COUNTED, Figure, Rounds
from services.scoring.index.spd_document import spd_id
from services.scoring.kinds import KNOWN_REGION, REGION_INDEX, REGION_MARK, SCORECARD, SPD
from shared.clock import Clock, machine_ms
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Away, NotFound
from shared.observability.tracing import origin
from shared.ports.store import Decide, OneOf, Range, State, Store

AUDIT_EVERY = 3_600_000  # ms: a region without a mark is swept again after this time
_BATCH = 200
_FIELDS = (
    "status",
    "innovation.applied_on",
    "innovation.developed_on",
    "innovation.main_affair",
    "scorecard.catalogue",
    "scorecard.claimed",
    "scorecard.verified",
)
_STATUSES = OneOf(sorted(COUNTED[Figure.CLAIMED]))


class RegionSweep:
    """Marks and sweeps. One per process."""

    def __init__(self, store: Store, rounds: Rounds, clock: Clock) -> None:
        self._store = store
        self._rounds = rounds
        self._clock = clock
        self.wake = asyncio.Event()
        """Set when this process has marked a region."""
        self._began = machine_ms()
        self._seeded = False

    async def mark(self, region: str) -> None:
        """Mark the region after a durable change that its indices depend on."""
        document = await self._store.get(REGION_MARK.name, region)
        if document is not None and is_stale(document.state):
            return
        await _change_mark(self._store, region, mark)
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
        claimed = await _change_mark(self._store, region, partial(claim, now=machine_ms(), audit=audit))
        if claimed is None:
            return False
        generation = claimed["generation"]
        totals = {year: RoundTotals(each) for year, each in self._rounds.items()}
        async for card in self._cards(region):
            for each in totals.values():
                each.add(card)
        for each in totals.values():
            await self._keep(region, each, generation)
        await _change_mark(self._store, region, lambda state: finish(state, generation, machine_ms()))
        return True

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

    async def _cards(self, region: str) -> AsyncIterator[ScoredCard]:
        async for row in self._store.scan(SCORECARD.name, {"region": region, "status": _STATUSES}, _FIELDS):
            yield scored_card(row)

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


def scored_card(row: State) -> ScoredCard:
    """The scorecard of a scanned row."""
    claimed, verified = row["scorecard.claimed"], row["scorecard.verified"]
    return ScoredCard(
        status=InnovationStatus(row["status"]),
        applied=_day(row["innovation.applied_on"]),
        developed=_day(row["innovation.developed_on"]),
        affair=row["innovation.main_affair"],
        catalogue=row["scorecard.catalogue"],
        claimed=None if claimed is None else Decimal(str(claimed)),
        verified=None if verified is None else Decimal(str(verified)),
    )


def _day(value: Any) -> date | None:  # noqa: ANN401 - a JSON value
    return None if value is None else date.fromisoformat(value)


async def _change_mark(store: Store, region: str, decide: Decide) -> State | None:
    """Change a mark. Returns the new state, None when nothing changed."""
    try:
        document = await store.change(REGION_MARK.name, region, decide)
    except NotFound:  # `decide` did not create it
        return None
    return document.state if document.changed else None
