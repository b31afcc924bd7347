"""What the time of a process under the sampling clock (`benchmarks.sampled`) was spent on, and what held its loop."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.system.measuring import System

_NAMED = 3


@dataclass(frozen=True)
class Samples:
    """Since the last one. parts: of the code → samples; holds: task → the milliseconds of each of its steps that were
    longer than `benchmarks.sampled.HELD`."""

    parts: Counter[str]
    holds: Mapping[str, Sequence[float]]

    def shares(self, total: float) -> str:
        """The parts, the largest first, in µs of a total of so many ms."""
        unit = total * 1000 / max(1, self.parts.total())
        return ", ".join(f"{part} {count * unit:.0f}" for part, count in self.parts.most_common())

    def longest(self) -> str:
        """How often the loop was held, and by which tasks for longest; a sentence's end."""
        if not self.holds:
            return "never"
        worst = sorted(self.holds.items(), key=lambda each: -max(each[1]))[:_NAMED]
        named = ", ".join(f"`{task}` {max(times):.0f} ms" for task, times in worst)
        return f"{sum(map(len, self.holds.values()))} times, longest by {named}"


def samples_of(system: System, file: Path) -> Samples:
    """What was seen since the last call. file: where the process writes it."""
    file.unlink(missing_ok=True)
    (pid,) = system.pids.values()
    assert pid is not None
    os.kill(pid, signal.SIGUSR1)
    while not file.exists():
        time.sleep(0.02)
    seen = json.loads(file.read_text())
    return Samples(Counter(seen["samples"]), seen["holds"])
