"""What the load generator is asked, and what it answers; both travel as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil


@dataclass(frozen=True)
class Post:
    """One submission. path, tag: the innovation's resource and its ETag; key: the innovation's id."""

    path: str
    tag: str
    key: str


@dataclass(frozen=True)
class Queue:
    """Where scored innovations are seen from outside: a queue of our own, bound to `exchange` with `types`. Its
    messages have the id `<kind>/<innovation>/…`."""

    url: str
    exchange: str
    types: tuple[str, ...] = ("innovation.scored",)


@dataclass(frozen=True)
class Probe:
    """Where scored innovations are seen without a queue: GET `path` + innovation's id.

    every: of so many submissions one is asked about, until it is there; 0: none. last: so many are asked about at the
    end, more than the consumers hold at once, so that all are scored when these are.
    """

    path: str = "/scoring/v1/scorecards/"
    every: int = 0
    last: int = 48


@dataclass(frozen=True)
class Job:
    """url: `http://host:port`; connections: so many requests at once; rate: submissions per second, None: as fast as
    possible; queue or probe: how the end is seen; patience: seconds without progress until it gives up."""

    url: str
    token: str
    posts: tuple[Post, ...]
    connections: int = 16
    rate: float | None = None
    queue: Queue | None = None
    probe: Probe | None = None
    patience: float = 60.0


@dataclass
class Outcome:
    """accepted, seen: how many; seconds_*: from the first request until the last was accepted, and seen; post, scored:
    latencies in ms, sorted; a latency at a rate begins at the moment at which the request was due. twice: events of the
    outside queue beyond one per innovation; refused: status → how many; cpu: seconds of the generator itself."""

    accepted: int = 0
    seen: int = 0
    seconds_accepted: float = 0.0
    seconds_seen: float = 0.0
    post: list[float] = field(default_factory=list)
    scored: list[float] = field(default_factory=list)
    twice: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Submissions per second from the first request until the last was seen."""
        return self.accepted / self.seconds_seen

    def complete(self) -> bool:
        """Whether every submission was accepted."""
        return not self.refused and self.accepted > 0


def percentile(sorted_values: list[float], share: float) -> float:
    """The nearest-rank percentile; NaN of nothing."""
    if not sorted_values:
        return float("nan")
    return sorted_values[max(0, ceil(share * len(sorted_values)) - 1)]
