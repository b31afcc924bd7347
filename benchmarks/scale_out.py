"""Two replicas of scoring beside one: their shares of the work, and that nothing takes effect twice.

    python -m benchmarks.scale_out [--size tiny|quick|normal|full] [--out FILE]

An effect is counted from outside: events per subject at a queue bound to `innovation.events`, and the scorecards.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import httpx2

from benchmarks.distributed import ServersOfRun, servers
from benchmarks.report.section import Section, number
from benchmarks.report.size import Size, command
from benchmarks.system.distributed import Distributed
from benchmarks.system.measuring import Measurement, System, measure


def scale_out_section(size: Size, both_servers: ServersOfRun = servers) -> Section:
    """One replica, then two, on the same servers."""
    section = Section(
        "scale_out",
        "Scale-out: one and two replicas of scoring",
        "Distributed, at saturation. On a machine whose cores are all busy a second replica shares the work; it cannot "
        "add to it.",
        ["replicas", "per second", "ms of each replica per submission", "events beyond one each", "scorecards missing"],
        size.counts,
    )
    count = size.choose(tiny=16, quick=300, normal=600)
    with tempfile.TemporaryDirectory() as scratch, both_servers() as both:
        ours = Distributed(both, Path(scratch) / "data")
        posts = asyncio.run(ours.prepared({"warm": count // 4, "1": count, "2": count}))
        for replicas in size.choose(tiny=(2,), quick=(1, 2), normal=(1, 2)):
            with ours.running(scoring=replicas) as system:
                if replicas == 1:
                    measure(system, posts["warm"])
                it = measure(system, posts[str(replicas)])
                missing = _missing(system, [each.key for each in posts[str(replicas)]])
            _row(section, replicas, it, missing)
    return section


def _row(section: Section, replicas: int, it: Measurement, missing: int) -> None:
    each = [ms for name, ms in it.cpu.items() if name.startswith("scoring")]
    section.row(
        str(replicas),
        number(it.outcome.rate),
        " and ".join(number(ms, 2) for ms in each),
        str(it.outcome.twice),
        str(missing),
    )
    if replicas == 2:
        share = min(each) / (sum(each) or 1)
        section.goal("2", "least share of two replicas", "≥ 0.3", number(share, 2), holds=share >= 0.3)
        double = it.outcome.twice + missing
        section.goal("2", "double or missing effects with two replicas", "0", str(double), holds=double == 0)


def _missing(system: System, ids: list[str]) -> int:
    """How many of these innovations have no scorecard."""
    headers = {"Authorization": f"Bearer {system.token}"}
    with httpx2.Client(
        base_url=system.urls.get("scoring", system.url), headers=headers, timeout=30, trust_env=False
    ) as client:
        answers = [client.get(f"/scoring/v1/scorecards/{id}").status_code for id in ids]
    return sum(status != httpx2.codes.OK for status in answers)


if __name__ == "__main__":
    command(scale_out_section, __doc__)
