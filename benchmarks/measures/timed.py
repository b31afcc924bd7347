"""The time that something took, by the clock and by the processor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, process_time


@dataclass
class Timed:
    """rate: per second; cpu: ms of this process's processor time each; seconds: by the clock."""

    rate: float = 0.0
    cpu: float = 0.0
    seconds: float = 0.0


@contextmanager
def timed(count: int) -> Iterator[Timed]:
    """Time the block, which does something `count` times."""
    it, began, cpu = Timed(), monotonic(), process_time()
    yield it
    it.seconds = monotonic() - began
    it.cpu = (process_time() - cpu) * 1000 / count
    it.rate = count / it.seconds
