"""Rescoring the nation: 36,742 innovations (the national round of 2025) in one SQLite file.

    python -m benchmarks.rescore [INNOVATIONS] [APPLIED] [FOLDER]

Made up, and so labelled: levels and values are drawn at random with fixed seeds. States the seconds and the peak memory
of a dry run over all of them, and for APPLIED of them (default 6000) the rate of applying beside the rate at which the
store alone writes the very same documents with the very same events, chunk by chunk in turns. Ratios are compared,
never rates of different runs or machines.
"""

from __future__ import annotations

import asyncio
import random
import resource
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copyfile
from time import process_time
from typing import Any
from uuid import UUID

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.files import SHIPPED, read_catalogue
from services.scoring.catalogue.library import Catalogues
from services.scoring.kinds import KINDS, SCORECARD
from services.scoring.rescore.decision import rescored
from services.scoring.rescore.document import RescoreRequest, RescoreState
from services.scoring.rescore.runner import CHUNK, Rescoring
from services.scoring.scorecard.document import InnovationVersion, RegionUsed, with_innovation
from services.scoring.scorecard.scored_rows import ScoredRows, row_caches
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock, machine_seconds
from shared.contracts.innovation import InnovationState
from shared.observability.tracing import of_request, origin
from shared.ports.store import Decision, State
from shared.runtime.gc_tuning import collect_seldom

NATION = 36_742
REGIONS = 546
_AT = "2026-06-03T02:15:08Z"
_VALUES: dict[str, Callable[[random.Random], dict[str, Any]]] = {
    "17": lambda dice: {"value": dice.randint(1, 60)},
    "20": lambda dice: {"value": dice.randint(1, 4)},
    "22": lambda dice: {"value": dice.randint(3, 6)},
    "24": lambda dice: {"value": dice.randint(2, 8)},
    "28": lambda dice: {"value": dice.randint(1, 14)},
    "29": lambda dice: {"value": dice.randint(400, 1000) / 10},
    "32": lambda dice: {"value": dice.randint(1, 14)},
    "33": lambda dice: {"basis": "a", "value": dice.randint(1, 20_000)},
}


def _level(dice: random.Random) -> dict[str, Any]:
    return {"level": dice.randint(1, 3)}


def innovation(number: int, region: str | None = None) -> InnovationState:
    """A made-up innovation, the same for the same number; of a region that goes by it, unless one is given."""
    dice = random.Random(number)
    evidence = []
    for row in range(16, 36):
        if dice.random() < 0.85:
            said = _VALUES.get(str(row), _level)(dice)
            looked = dice.choice((None, 0, 1, 2, 3))
            evidence.append({"row": str(row), "proofs": dice.randint(0, 3), "verified_level": looked, **said})
    region = region or f"{11 + number % REGIONS // 40:02d}.{1 + number % REGIONS % 40:02d}"
    return InnovationState.model_validate(
        {
            "id": str(UUID(int=dice.getrandbits(128), version=4)),
            "region": region,
            "agency": str(UUID(int=number % 40_000, version=4)),
            "year": 2026,
            "assignments": [],
            "status": "submitted",
            "name": f"Inovasi buatan {number}",
            "stage": "penerapan",
            "initiator": "opd",
            "classification": "perangkat_daerah",
            "nature": dice.choice(("digital", "non_digital")),
            "form": "pelayanan_publik",
            "main_affair": "kesehatan",
            "applied_on": "2025-03-01",
            "first_submitted_at": _AT,
            "submitted_at": _AT,
            "evidence": evidence,
        }
    )


def next_year(old: Catalogue) -> Catalogue:
    """A revision that moves a weight and an edge, so that nearly every scorecard changes."""
    rows = [row.model_dump() for row in old.innovation]
    for row in rows:
        if row["number"] == "31":
            row["weight"] += 1
        if row["number"] == "17":
            row["scale"]["bands"] = [
                {"level": 1, "least": 1, "most": 15},
                {"level": 2, "least": 16, "most": 40},
                {"level": 3, "least": 41},
            ]
    return Catalogue.model_validate({**old.model_dump(), "revision": 99, "innovation": rows})


def peak() -> float:
    """The most memory that this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def fill(file: Path, old: Catalogue, numbers: range, region: str | None = None) -> None:
    store = SqliteStore(file)
    await store.open(KINDS)
    used, caches, made = RegionUsed(sequence=1, catalogue=old.name), row_caches({old.name: old}), origin(Clock())

    async def one(number: int) -> None:
        version = InnovationVersion(innovation(number, region), 10)
        await store.change(
            SCORECARD.name, version.innovation.id, lambda state: with_innovation(state, version, used, caches, made)
        )

    for start in range(numbers.start, numbers.stop, CHUNK):
        await asyncio.gather(*(one(number) for number in range(start, min(start + CHUNK, numbers.stop))))
    await store.close()


@asynccontextmanager
async def opened(file: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(file)
    await store.open(KINDS)
    yield store
    await store.close()


class Beside(Rescoring):
    """A rescore that before each of its chunks lets the store alone write as many of the very same documents with the
    very same events, in another file, by as many at once: so both meet the same minutes of a machine that others use
    too. alone: seconds of that, by the clock and by the processor."""

    def __init__(
        self, store: SqliteStore, catalogues: Catalogues, other: SqliteStore, decisions: dict[str, Decision]
    ) -> None:
        super().__init__(store, catalogues, Clock())
        self._other = other
        self._waiting = sorted(decisions.items())
        self.alone = (0.0, 0.0)

    async def _begin(self, state: RescoreState, rows: ScoredRows) -> asyncio.Task[None]:
        count = len(state.chunk)
        slice, self._waiting = self._waiting[:count], self._waiting[count:]
        began = (machine_seconds(), process_time())
        await asyncio.gather(*(self._other.change(SCORECARD.name, id, _put(made)) for id, made in slice))
        self.alone = (self.alone[0] + machine_seconds() - began[0], self.alone[1] + process_time() - began[1])
        return await super()._begin(state, rows)


def _put(decision: Decision) -> Callable[[State | None], Decision]:
    return lambda _state: decision


async def decided(file: Path, new: Catalogue) -> dict[str, Decision]:
    """What a rescore writes, worked out before the clock runs."""
    rows, made = ScoredRows(new), origin(Clock())
    async with opened(file) as store:
        return {
            each.id: rescored(document.state, rows, made)
            async for each in store.scan(SCORECARD.name, {}, ())
            if (document := await store.get(SCORECARD.name, each.id)) is not None
        }


async def dry_run(file: Path, old: Catalogue, new: Catalogue) -> float:
    """A dry run over a filled file; its seconds."""
    async with opened(file) as store:
        rescoring = Rescoring(store, {old.name: old, new.name: new}, Clock())
        request = RescoreRequest(region=None, year=2026, catalogue=new.name, dry_run=True)
        before, began = peak(), machine_seconds()
        report = await rescoring.dry_run(request)
        seconds = machine_seconds() - began
        print(
            f"dry run: {report.seen} innovations in {seconds:.1f} s ({report.seen / seconds:,.0f}/s); peak memory "
            f"{peak():.0f} MiB, before it {before:.0f} MiB; naik {report.gained}, turun {report.lost}"
        )
        return seconds


async def applying(folder: Path, old: Catalogue, new: Catalogue, count: int) -> float:
    """Applying to so many; the share of the store alone, by processor time."""
    first, second = folder / "rescore.sqlite", folder / "alone.sqlite"
    await fill(first, old, range(count))
    copyfile(first, second)
    decisions = await decided(second, new)
    async with opened(first) as store, opened(second) as other:
        rescoring = Beside(store, {old.name: old, new.name: new}, other, decisions)
        request = RescoreRequest(region=None, year=2026, catalogue=new.name)
        began = (machine_seconds(), process_time())
        await rescoring.request(request, "benchmark")
        done = await rescoring.run(request.id)
        spent = (machine_seconds() - began[0] - rescoring.alone[0], process_time() - began[1] - rescoring.alone[1])
    seen, by_processor = done.report.seen, rescoring.alone[1] / spent[1]
    print(
        f"applied: {seen} at {seen / spent[0]:,.0f}/s; the store alone: {seen / rescoring.alone[0]:,.0f}/s; ratio "
        f"{rescoring.alone[0] / spent[0]:.2f}, by processor time {by_processor:.2f}"
    )
    return by_processor


async def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else NATION
    applied = int(sys.argv[2]) if len(sys.argv) > 2 else 6000
    with tempfile.TemporaryDirectory(dir=sys.argv[3] if len(sys.argv) > 3 else None) as folder, of_request(None, None):
        old = read_catalogue(SHIPPED / "2026.1.yaml")
        new = next_year(old)
        await fill(Path(folder) / "nation.sqlite", old, range(count))
        await dry_run(Path(folder) / "nation.sqlite", old, new)
        await applying(Path(folder), old, new, applied)


if __name__ == "__main__":
    collect_seldom()  # as every process of the system does
    asyncio.run(main())
