"""The product under a sampling clock: for each millisecond of its processor time, which part of the code runs.

    python -m benchmarks.sampled FILE up …

On SIGUSR1 the samples since the last one are written into FILE, as JSON: part → how many.
"""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from types import FrameType

from shared.cli.__main__ import main

PARTS = (
    ("shared/adapters/sqlite/bus", "bus"),
    ("shared/adapters/sqlite/commits", "grouping and committing"),
    ("shared/adapters/", "statements of the stores"),
    ("shared/messaging/", "relays and consumers"),
    ("shared/contracts/", "events to and from bytes"),
    ("shared/storage/", "typed values"),
    ("shared/web/", "HTTP: routes, guard, answers"),
    ("shared/auth/", "HTTP: routes, guard, answers"),
    ("shared/observability/", "logs, metrics, traces"),
    ("shared/", "other"),
)
"""Prefix of a module's path → its part; the first one counts. What is in `services` is of the service."""

OUTSIDE = "event loop and HTTP protocol"
_ROOT = f"{Path(__file__).parent.parent}/"
_SECONDS = 0.001


@cache
def part_of(file: str) -> str | None:
    """The part of a module; None for a library."""
    if not file.startswith(_ROOT):
        return None
    path = file.removeprefix(_ROOT)
    if path.startswith("shared/cli/"):  # it is below everything
        return None
    if path.startswith("services/"):
        return path.split("/")[1]
    return next((part for prefix, part in PARTS if path.startswith(prefix)), None)


def innermost(frame: FrameType | None) -> str:
    """The part that has called what runs: of the innermost frame that is ours."""
    while frame is not None:
        part = part_of(frame.f_code.co_filename)
        if part is not None:
            return part
        frame = frame.f_back
    return OUTSIDE


def _begin(file: Path) -> None:
    samples: Counter[str] = Counter()

    def write(_signal: int, _frame: FrameType | None) -> None:
        part = file.with_suffix(".part")
        part.write_text(json.dumps(samples))
        part.rename(file)
        samples.clear()

    def sample(_signal: int, frame: FrameType | None) -> None:
        samples[innermost(frame)] += 1

    signal.signal(signal.SIGUSR1, write)
    signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, _SECONDS, _SECONDS)


if __name__ == "__main__":
    _begin(Path(sys.argv.pop(1)))
    sys.exit(main())
