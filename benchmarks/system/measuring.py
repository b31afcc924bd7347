"""One measurement: the load generator's outcome, and what it cost each process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from benchmarks.load.job import Job, Outcome, Post, Probe, Queue, percentile
from benchmarks.load.process import generate
from benchmarks.system.usage import spent, usage

REST = 1.0  # seconds after the last was seen whose processor time still counts: work put off is not work saved


@dataclass(frozen=True)
class System:
    """What is measured. pids: name → process, None for one that is not ours; queue: the outside queue, if there is a
    broker; ready_after: service → seconds from its start until it was ready."""

    name: str
    url: str
    token: str
    pids: Mapping[str, int | None]
    queue: Queue | None = None
    ready_after: Mapping[str, float] = field(default_factory=dict)

    def at_rest(self) -> dict[str, float]:
        """Memory now, MB, by process."""
        return {name: usage(pid).rss for name, pid in self.pids.items() if pid is not None}


@dataclass(frozen=True)
class Measurement:
    """cpu: ms of processor time per submission, by process; peak: MB of memory at most so far, by process."""

    outcome: Outcome
    cpu: Mapping[str, float]
    peak: Mapping[str, float]

    @property
    def total(self) -> float:
        """ms of processor time per submission over all processes, the generator left out."""
        return sum(self.cpu.values())

    def post(self, share: float) -> float:
        """A percentile of POST, ms."""
        return percentile(self.outcome.post, share)

    def seen(self, share: float) -> float:
        """A percentile of the time from POST until it was seen as scored, ms."""
        return percentile(self.outcome.scored, share)


def measure(system: System, posts: list[Post], *, rate: float | None = None, every: int = 0) -> Measurement:
    """Submit these drafts. rate: per second, None: at saturation; every: without an outside queue, one of so many is
    timed until it is readable. Raises LoadFailed."""
    before = spent(system.pids)
    probe = None if system.queue else Probe(every=every)
    outcome = generate(Job(system.url, system.token, tuple(posts), rate=rate, queue=system.queue, probe=probe))
    time.sleep(REST)
    after = spent(system.pids)
    cpu = {name: (after[name] - was) * 1000 / outcome.accepted for name, was in before.items()}
    peak = {name: usage(pid).peak for name, pid in system.pids.items() if pid is not None}
    return Measurement(outcome, cpu, peak)


@dataclass(frozen=True)
class Spread:
    """The median of several rounds, and their least and most."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def relative(self) -> float:
        """Half of the distance between least and most, as a share of the median."""
        return (max(self.values) - min(self.values)) / 2 / self.median if self.median else 0.0
