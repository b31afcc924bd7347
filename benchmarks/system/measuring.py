"""One measurement: the load generator's outcome, and what it cost each process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from benchmarks.load.job import Job, Outcome, Post, Probe, Queue, percentile
from benchmarks.load.process import generate
from benchmarks.system.usage import Usage, usages

_SPREAD_OF_ONE = 0.25
_QUIET = 40.0  # ms of processor time per second, at most, of a process that has nothing left to do
_LOOK = 0.5  # seconds
REST = 1.0  # seconds after the last was seen whose processor time still counts: work put off is not work saved


@dataclass(frozen=True)
class System:
    """What is measured. pids: name → process, None for one that is not ours; queue: the outside queue, if there is a
    broker; ready_after: service → seconds from its start until it was ready; urls: of each service."""

    name: str
    url: str
    token: str
    pids: Mapping[str, int | None]
    queue: Queue | None = None
    ready_after: Mapping[str, float] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)

    def at_rest(self) -> dict[str, Usage]:
        """What each process uses now."""
        return usages(self.pids)

    def idle(self, seconds: float = 5.0) -> dict[str, float]:
        """What each process costs while nothing is asked of it, ms of processor time per second."""
        before, began = usages(self.pids), time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - began
        return {name: (it.cpu - before[name].cpu) * 1000 / passed for name, it in usages(self.pids).items()}

    def settle(self, within: float = 60.0) -> None:
        """Wait until no service works off what it found at its start. Raises TimeoutError after so many seconds."""
        until = time.monotonic() + within
        while max((costs := self._services_idle()).values()) > _QUIET:
            if time.monotonic() > until:
                raise TimeoutError(f"still at work, ms of processor time per second: {costs}")

    def _services_idle(self) -> dict[str, float]:
        """Without the servers, which others may use."""
        return {name: cost for name, cost in self.idle(_LOOK).items() if name in self.ready_after}


@dataclass(frozen=True)
class Measurement:
    """before, after: of each process."""

    outcome: Outcome
    before: Mapping[str, Usage]
    after: Mapping[str, Usage]

    @property
    def cpu(self) -> dict[str, float]:
        """ms of processor time per submission, by process."""
        each = self.outcome.accepted
        return {name: (it.cpu - self.before[name].cpu) * 1000 / each for name, it in self.after.items()}

    @property
    def peak(self) -> dict[str, float]:
        """MB of memory at most so far, by process."""
        return {name: it.peak for name, it in self.after.items()}

    def calls(self, name: str) -> tuple[float, float]:
        """Write calls and waits of a process's threads, per submission."""
        was, now, each = self.before[name], self.after[name], self.outcome.accepted
        return (now.writes - was.writes) / each, (now.switches - was.switches) / each

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
    before = usages(system.pids)
    probe = None if system.queue else Probe(every=every)
    outcome = generate(Job(system.url, system.token, tuple(posts), rate=rate, queue=system.queue, probe=probe))
    time.sleep(REST)
    return Measurement(outcome, before, usages(system.pids))


@dataclass(frozen=True)
class Spread:
    """The median of several rounds, and their least and most."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def relative(self) -> float:
        """Half of the distance between least and most, as a share of the median; of one round nobody knows it."""
        if len(self.values) == 1:
            return _SPREAD_OF_ONE
        return (max(self.values) - min(self.values)) / 2 / self.median if self.median else 0.0
