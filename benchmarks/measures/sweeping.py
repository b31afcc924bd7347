"""What one sweep of the regional index costs: by the running figures, and when it counts all scorecards."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from benchmarks.system.drafts import REGION_CODE
from services.scoring.catalogue.files import SHIPPED, read_catalogue
from services.scoring.index.rounds import rounds_of
from services.scoring.index.sweep import RegionSweep
from services.scoring.kinds import KINDS, SCORECARD
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock

_ROUNDS = 5


@dataclass(frozen=True)
class SweepCost:
    """count, figures: ms of processor time of a sweep that reads all scorecards, and of one that does not."""

    scorecards: int
    count: float
    figures: float


async def sweep_of(folder: Path) -> SweepCost:
    """Sweep the measured region in a data folder that no process uses."""
    store = SqliteStore(folder / "scoring.sqlite")
    await store.open(KINDS)
    try:
        catalogue = read_catalogue(SHIPPED / "2026.1.yaml")
        sweep = RegionSweep(store, rounds_of({catalogue.year: catalogue.constants}), Clock())
        await sweep.mark(REGION_CODE)  # nothing is known of the figures: it counts
        count = await _swept(sweep)
        figures = []
        for _ in range(_ROUNDS):
            await sweep.mark_followed(REGION_CODE)
            figures.append(await _swept(sweep))
        scorecards = len([row.id async for row in store.scan(SCORECARD.name, {"region": REGION_CODE}, ())])
        return SweepCost(scorecards, count, min(figures))
    finally:
        await store.close()


async def _swept(sweep: RegionSweep) -> float:
    """One sweep, as soon as the pause after the last one is over; ms of processor time."""
    while True:
        began = process_time()
        if await sweep.sweep(REGION_CODE):
            return (process_time() - began) * 1000
        await asyncio.sleep(0.05)
