"""Submissions on the embedded default, one process, with a deadline set: as fast as possible, and at 200 per second.

    python -m benchmarks.embedded [--size tiny|quick|normal|full] [--out FILE]

Drafts with three rows of evidence are written beforehand; a load generator in a process of its own submits them over 16
raw connections and asks now and then whether one is scored and readable.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.load.job import Post, percentile
from benchmarks.report.section import Ratio, Section, number, of_rounds
from benchmarks.report.size import Size, command
from benchmarks.sampled import HELD
from benchmarks.system.data import EMPTY, filled, with_drafts
from benchmarks.system.embedded import embedded
from benchmarks.system.measuring import Measurement, Spread, System, measure
from benchmarks.system.samples import samples_of
from benchmarks.system.usage import Usage

RATE = 200.0  # per second
_EVERY = 20  # of so many submissions one is timed until it is readable
_PORTAL = 20  # MB that the portal may add
_SYNCS, _PAGE = 200, 4096
_IMPORTS = "Most of a start is importing libraries (`python -X importtime -m shared.cli up`)."


def embedded_section(size: Size) -> Section:
    """Rounds at saturation without questions, one with them, and one at the rate."""
    section = Section(
        "embedded",
        "Embedded: one process",
        "`satu up` on SQLite with tokens, logs and metrics on and a deadline set. 16 raw connections of a generator in "
        f"its own process submit prepared drafts with three rows of evidence; one of {_EVERY} is asked about until its "
        "card is readable. Processor time is that of the whole process until a second after the last one was scored.",
        ["run", "per second", "ms each", "POST p50 ms", "POST p99 ms", "readable p50 ms", "readable p99 ms", "MB"],
        size.counts,
    )
    count = size.choose(tiny=60, quick=600, normal=1000)
    rounds = size.choose(tiny=1, quick=2, normal=5)
    names = {"warm": size.choose(tiny=10, quick=100, normal=200), "seen": count, "rate": count}
    names |= {"warm sampled": names["warm"], "sampled": count, "rate sampled": count}
    names |= {f"saturation {number}": count for number in range(rounds)}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        asyncio.run(filled(folder, EMPTY))
        posts = asyncio.run(with_drafts(folder, EMPTY, names))
        with embedded(folder) as system:
            rest = system.at_rest()["embedded"]
            idle = system.idle(size.choose(tiny=0.2, quick=3.0, normal=5.0))["embedded"]
            measure(system, posts["warm"])
            saturated = [measure(system, posts[f"saturation {each}"]) for each in range(rounds)]
            _rows(section, "saturation", saturated)
            _rows(section, f"saturation, one of {_EVERY} asked", [measure(system, posts["seen"], every=_EVERY)])
            at_rate = measure(system, posts["rate"], rate=RATE, every=_EVERY)
            _rows(section, f"{RATE:.0f} per second", [at_rate])
        clocked = _clocked(folder, Path(scratch) / "samples.json", posts)
        _judge(section, saturated, at_rate, idle, clocked)
        _memory(section, system, rest, at_rate.peak["embedded"])
    return section


@dataclass(frozen=True)
class _Clocked:
    """Of a process under a sampling clock, whose times are longer. spent: what the time of a submission at saturation
    goes to, in µs; holds: what held the loop at the rate; synced: ms that the folder's disk takes to sync one page,
    after each other, sorted."""

    spent: str
    holds: str
    synced: list[float]


def _clocked(folder: Path, file: Path, posts: dict[str, list[Post]]) -> _Clocked:
    with embedded(folder, file) as system:
        measure(system, posts["warm sampled"])
        samples_of(system, file)
        it = measure(system, posts["sampled"])
        spent = samples_of(system, file).shares(it.total)
        measure(system, posts["rate sampled"], rate=RATE)
        return _Clocked(spent, samples_of(system, file).longest(), _synced(file.with_name("synced")))


def _synced(file: Path) -> list[float]:
    took: list[float] = []
    with file.open("wb") as written:
        for _ in range(_SYNCS):
            began = perf_counter()
            written.write(bytes(_PAGE))
            written.flush()
            os.fsync(written.fileno())
            took.append((perf_counter() - began) * 1000)
    return sorted(took)


def _rows(section: Section, name: str, them: list[Measurement]) -> None:
    def cell(values: list[float], digits: int = 0) -> str:
        return of_rounds(values, digits) if values[0] == values[0] else "–"

    section.row(
        name,
        cell([it.outcome.rate for it in them]),
        cell([it.total for it in them], 2),
        *(cell([it.post(share) for it in them]) for share in (0.5, 0.99)),
        *(cell([it.seen(share) for it in them]) for share in (0.5, 0.99)),
        number(max(it.peak["embedded"] for it in them)),
    )


def _judge(
    section: Section, saturated: list[Measurement], at_rate: Measurement, idle: float, clocked: _Clocked
) -> None:
    rate = Spread(tuple(it.outcome.rate for it in saturated))
    cost = Spread(tuple(it.total for it in saturated))
    busy, steady = saturated[-1].calls("embedded"), at_rate.calls("embedded")

    limit = (
        f"The rounds took {min(cost.values):.2f} to {max(cost.values):.2f} ms each, with {busy[0]:.0f} write calls. "
        f"By sampling, in µs: {clocked.spent}."
    )
    measured, holds = number(rate.median), rate.median >= 500
    one = f"One process has one core for Python: {1000 / cost.median:.0f} per second at {cost.median:.2f} ms. {limit}"
    section.goal("1", "submissions per second", "≥ 500", measured, holds=holds, was="149", limit=one)
    measured, holds = f"{cost.median:.2f} ms", cost.median <= 2.2
    section.goal("1", "processor time each", "≤ 2.2 ms", measured, holds=holds, was="6.1–6.6 ms", limit=limit)
    post, seen = at_rate.post(0.99), at_rate.seen(0.99)
    held = (
        f"At that rate, under the sampling clock, the loop was held for more than {HELD * 1000:.0f} ms "
        f"{clocked.holds}. To sync a page takes {percentile(clocked.synced, 0.5):.1f} ms, one of a hundred "
        f"{percentile(clocked.synced, 0.99):.1f} ms."
    )
    slow = f"Half of the POSTs take {at_rate.post(0.5):.0f} ms, one of a hundred {post:.0f} ms. {held}"
    section.goal("1", "POST p99 at 200/s", "≤ 15 ms", f"{post:.0f} ms", holds=post <= 15, limit=slow)
    section.goal("1", "readable p99 at 200/s", "≤ 50 ms", f"{seen:.0f} ms", holds=seen <= 50, limit=slow)
    section.note(
        f"At {RATE:.0f} per second a submission costs {at_rate.total:.2f} ms. Idle, the process takes {idle:.1f} ms "
        f"per second, which is {idle / RATE:.2f} ms of each. What else differs is how many share a commit: at "
        f"saturation {busy[0]:.0f} write calls and {busy[1]:.0f} waits of a thread per submission, at the rate "
        f"{steady[0]:.0f} and {steady[1]:.0f}."
    )
    section.note(f"Where the time of a submission at saturation goes, by sampling, µs: {clocked.spent}.")
    section.note(held)
    section.ratios["embedded submissions per second of processor time"] = Ratio(1000 / cost.median, cost.relative)


def _memory(section: Section, system: System, rest: Usage, peak: float) -> None:
    ready = system.ready_after["embedded"]
    section.goal("5", "start to ready", "≤ 1.5 s", f"{ready:.2f} s", holds=ready <= 1.5, limit=_IMPORTS)
    shared = rest.rss - rest.anonymous
    parts = f"{rest.anonymous:.0f} MB are its own, {shared:.0f} MB are of mapped files, which processes share."
    for what, alone, measured in (("memory at rest", 110, rest.rss), ("memory under load", 150, peak)):
        most = alone + _PORTAL
        limit = f"At rest {parts} The goal is {alone} MB, and {_PORTAL} more for the portal."
        section.goal("5", what, f"≤ {most} MB", f"{measured:.0f} MB", holds=measured <= most, limit=limit)


if __name__ == "__main__":
    command(embedded_section, __doc__)
