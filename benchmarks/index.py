"""The regional index: the cost of a sweep compared with the import that causes it, and of the cheapest path.

``python -m benchmarks.index [INNOVATIONS] [FOLDER]`` (default 1,000). A sweep is compared with receiving the same
innovations in the same run: compare the ratio, never times of different runs or machines.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from services.scoring.catalogue.files import SHIPPED, read_catalogue
from services.scoring.handlers import Scoring
from services.scoring.index.index import formula_of
from services.scoring.index.rounds import rounds_of
from services.scoring.index.sweep import RegionSweep
from services.scoring.kinds import KINDS
from services.scoring.what_if.region import CountedInnovation, Region, RowLevel, path_to_index
from shared.adapters.sqlite.commits import SWITCH_INTERVAL
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock, machine_seconds
from shared.contracts.affairs import AFFAIR_NAMES
from shared.contracts.contract import Origin, draft
from shared.contracts.event import Event
from shared.contracts.innovation import INNOVATION_SUBMITTED, InnovationSubmitted
from shared.contracts.region import REGION_REGISTERED, PolicyRevision, RegionRegistered

CODE, MOMENT = "61.12", datetime(2026, 6, 1, tzinfo=UTC)
CATALOGUE = read_catalogue(SHIPPED / "2026.1.yaml")
AFFAIRS = list(AFFAIR_NAMES)
AT_ONCE = 32  # as a consumer's prefetch


def innovation(number: int) -> tuple[Event, InnovationSubmitted]:
    """An innovation with all rows filled in."""
    levels = {row: 1 + (number + int(row)) % 3 for row in CATALOGUE.by_number}
    said = InnovationSubmitted.model_validate(
        {
            "id": f"i{number:06}",
            "region": CODE,
            "agency": f"a{number % 40}",
            "year": 2025,
            "assignments": [],
            "status": "submitted",
            "name": f"Inovasi sintetis {number}",
            "stage": "penerapan",
            "initiator": "opd",
            "classification": "perangkat_daerah",
            "nature": "digital",
            "form": "pelayanan_publik",
            "main_affair": AFFAIRS[number % len(AFFAIRS)],
            "applied_on": "2025-03-01",
            "first_submitted_at": MOMENT,
            "submitted_at": MOMENT,
            "evidence": [{"row": row, "level": level, "proofs": 1} for row, level in levels.items()],
        }
    )
    event = draft(INNOVATION_SUBMITTED, said, CODE, Origin(MOMENT)).stamp("innovation", said.id, 10)
    return event, said


async def main(number: int, folder: Path) -> None:
    store = SqliteStore(folder / "benchmark.sqlite")
    await store.open(KINDS)
    sweep = RegionSweep(store, rounds_of({2026: CATALOGUE.constants}), Clock())
    scoring = Scoring(store, {CATALOGUE.name: CATALOGUE}, Clock(), sweep.mark)
    policies = (PolicyRevision(revision=1, from_year=2000, obliged_kinds=()),)
    region = RegionRegistered(code=CODE, name="Kubu Raya", zone="Asia/Pontianak", catalogue="2026.1", policies=policies)
    known = draft(REGION_REGISTERED, region, CODE, Origin(MOMENT)).stamp("region", CODE, 5)
    await scoring.on_region(known, region)
    events = [innovation(each) for each in range(number)]
    began = machine_seconds()
    for first in range(0, number, AT_ONCE):
        await asyncio.gather(*(scoring.on_innovation(*each) for each in events[first : first + AT_ONCE]))
    receiving = machine_seconds() - began
    began = machine_seconds()
    assert await sweep.sweep(CODE)
    sweeping = machine_seconds() - began
    print(f"receiving of {number} innovations   {receiving:8.3f} s")
    print(f"one sweep of their region    {sweeping:8.3f} s   {sweeping / receiving:6.1%} of receiving")
    await store.close()
    paths(number)


def paths(number: int) -> None:
    """The cheapest path over so many innovations × 20 rows + SPD."""
    rows = tuple(RowLevel(row.number, row.name, row.weight, int(row.number) % 3) for row in CATALOGUE.innovation)
    own = tuple(RowLevel(row.number, row.name, row.weight, 1) for row in CATALOGUE.region)
    entrants = tuple(CountedInnovation(str(each), "", AFFAIRS[each % len(AFFAIRS)], rows) for each in range(number))
    region = Region(formula_of(CATALOGUE.constants, 2026), own, Decimal(0), entrants)
    for target in (region.index.index + 1, Decimal(100)):
        began = machine_seconds()
        path = path_to_index(region, target)
        took = machine_seconds() - began
        print(f"cheapest path to {target:6}      {took:8.3f} s   {path.steps} steps of {number * 20 + 20} rows")


if __name__ == "__main__":
    sys.setswitchinterval(SWITCH_INTERVAL)
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as scratch:
        asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, Path(scratch)))
