"""Submissions on the embedded default, one process, with a deadline set: as fast as possible, and at 200 per second.

    python -m benchmarks.embedded [--size tiny|quick|normal|full] [--out FILE]

Drafts with three rows of evidence are written beforehand; a load generator in a process of its own submits them over 16
raw connections and asks now and then whether one is scored and readable.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from benchmarks.report.section import Ratio, Section, number, of_rounds
from benchmarks.report.size import Size, command
from benchmarks.system.data import EMPTY, filled, with_drafts
from benchmarks.system.embedded import embedded
from benchmarks.system.measuring import Measurement, Spread, System, measure

RATE = 200.0  # per second
_EVERY = 20  # of so many submissions one is timed until it is readable


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
    names |= {f"saturation {number}": count for number in range(rounds)}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        asyncio.run(filled(folder, EMPTY))
        posts = asyncio.run(with_drafts(folder, EMPTY, names))
        with embedded(folder) as system:
            rest = system.at_rest()["embedded"].rss
            idle = system.idle(size.choose(tiny=0.2, quick=3.0, normal=5.0))["embedded"]
            measure(system, posts["warm"])
            saturated = [measure(system, posts[f"saturation {each}"]) for each in range(rounds)]
            _rows(section, "saturation", saturated)
            _rows(section, f"saturation, one of {_EVERY} asked", [measure(system, posts["seen"], every=_EVERY)])
            at_rate = measure(system, posts["rate"], rate=RATE, every=_EVERY)
            _rows(section, f"{RATE:.0f} per second", [at_rate])
            _judge(section, saturated, at_rate, idle)
            _memory(section, system, rest, at_rate.peak["embedded"])
    return section


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


def _judge(section: Section, saturated: list[Measurement], at_rate: Measurement, idle: float) -> None:
    rate = Spread(tuple(it.outcome.rate for it in saturated))
    cost = Spread(tuple(it.total for it in saturated))

    section.goal("1", "submissions per second", "≥ 500", number(rate.median), holds=rate.median >= 500, was="149")
    section.goal(
        "1", "processor time each", "≤ 2.2 ms", f"{cost.median:.2f} ms", holds=cost.median <= 2.2, was="6.1–6.6 ms"
    )
    post, seen = at_rate.post(0.99), at_rate.seen(0.99)
    section.goal("1", "POST p99 at 200/s", "≤ 15 ms", f"{post:.0f} ms", holds=post <= 15)
    section.goal("1", "readable p99 at 200/s", "≤ 50 ms", f"{seen:.0f} ms", holds=seen <= 50)
    busy, steady = saturated[-1].calls("embedded"), at_rate.calls("embedded")
    section.note(
        f"At {RATE:.0f} per second a submission costs {at_rate.total:.2f} ms. Idle, the process takes {idle:.1f} ms "
        f"per second, which is {idle / RATE:.2f} ms of each. What else differs is how many share a commit: at "
        f"saturation {busy[0]:.0f} write calls and {busy[1]:.0f} waits of a thread per submission, at the rate "
        f"{steady[0]:.0f} and {steady[1]:.0f}."
    )
    section.ratios["embedded submissions per second of processor time"] = Ratio(1000 / cost.median, cost.relative)


def _memory(section: Section, system: System, rest: float, peak: float) -> None:
    ready = system.ready_after["embedded"]
    section.goal("5", "start to ready", "≤ 1.5 s", f"{ready:.2f} s", holds=ready <= 1.5)
    section.goal("5", "memory at rest", "≤ 110 MB", f"{rest:.0f} MB", holds=rest <= 110)
    section.goal("5", "memory under load", "≤ 150 MB", f"{peak:.0f} MB", holds=peak <= 150)


if __name__ == "__main__":
    command(embedded_section, __doc__)
