"""After an outage of scoring: how long a backlog of its messages takes, and what live submissions wait meanwhile.

    python -m benchmarks.recovery [--size tiny|quick|normal|full] [--out FILE]

Innovations are submitted while scoring is stopped, so that its queue fills; then it starts, and others are submitted at
a low rate until the backlog is gone.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.distributed import ServersOfRun, servers
from benchmarks.load.job import Post
from benchmarks.report.section import Ratio, Section, number
from benchmarks.report.size import Size, command
from benchmarks.system.distributed import Distributed
from benchmarks.system.measuring import Measurement, System, measure

QUEUE = "scoring.innovations"
_RATE = 10.0  # live submissions per second
_PATIENCE = 1800.0


def recovery_section(size: Size, both_servers: ServersOfRun = servers) -> Section:
    """Fill the queue, start scoring, and watch the queue from outside."""
    section = Section(
        "recovery",
        "Recovery: a backlog for scoring",
        f"Distributed. Messages wait in `{QUEUE}` when the services start; then {_RATE:.0f} innovations per second are "
        "submitted and seen as scored at the outside queue, each behind what waits before it.",
        ["backlog", "drained in s", "messages per second", "live POST p99 ms", "live seen p50 s", "live seen p99 s"],
        size.counts,
    )
    backlog = size.choose(tiny=40, quick=1000, normal=20_000, full=100_000)
    live = size.choose(tiny=10, quick=50, normal=300)
    with tempfile.TemporaryDirectory() as scratch, both_servers() as both:
        ours = Distributed(both, Path(scratch) / "data")
        posts = asyncio.run(ours.prepared({"live": live}))["live"]
        asyncio.run(ours.backlog(backlog))
        waiting = asyncio.run(ours.waiting(QUEUE))
        began = time.monotonic()
        with ours.running(backlog=True) as system:
            seconds, it = _drained(ours, system, posts, began)
    rate = waiting / seconds
    section.row(
        number(waiting),
        number(seconds, 1),
        number(rate),
        number(it.post(0.99)),
        number(it.seen(0.5) / 1000, 2),
        number(it.seen(0.99) / 1000, 2),
    )
    section.ratios["recovery: messages per second"] = Ratio(rate, 0.5)
    return section


def _drained(ours: Distributed, system: System, posts: list[Post], began: float) -> tuple[float, Measurement]:
    """Seconds from the services' start until nothing waits, and what live submissions saw."""
    ended = [0.0]

    def watch() -> None:
        asyncio.run(ours.drained(QUEUE, _PATIENCE))
        ended[0] = time.monotonic()

    watcher = threading.Thread(target=watch)
    watcher.start()
    it = measure(system, posts, rate=_RATE)
    watcher.join()
    return ended[0] - began, it


if __name__ == "__main__":
    command(recovery_section, __doc__)
