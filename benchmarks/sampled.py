"""The product under a sampling clock: for each millisecond of its processor time, which part of the code runs, and
which steps hold the event loop for long.

    python -m benchmarks.sampled FILE up …

On SIGUSR1 what was seen since the last one is written into FILE, as JSON: ``{samples: {part: how many}, holds: {task:
[milliseconds of each]}}``.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from time import perf_counter
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
HELD = 0.005  # seconds of a step of the loop in which nobody else is served

Holds = dict[str, list[float]]


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


def watch(holds: Holds) -> None:
    """Note every step of this process's loops that takes longer than HELD. A step that another process keeps from the
    processor counts as well."""
    run = asyncio.Handle._run  # noqa: SLF001 - all that a loop does goes through it

    def timed(handle: asyncio.Handle) -> None:
        began = perf_counter()
        run(handle)
        if (took := perf_counter() - began) > HELD:
            holds.setdefault(task_of(handle), []).append(round(took * 1000, 1))

    asyncio.Handle._run = timed  # type: ignore[method-assign, assignment]  # noqa: SLF001


def task_of(handle: asyncio.Handle) -> str:
    """The name of the task whose step it is, or of its coroutine if it has none of its own; else of the function."""
    callback = handle._callback  # type: ignore[attr-defined]  # noqa: SLF001
    task = getattr(callback, "__self__", None)
    if not isinstance(task, asyncio.Task):
        return getattr(callback, "__qualname__", type(callback).__name__)
    name = task.get_name()
    return getattr(task.get_coro(), "__qualname__", name) if name.startswith("Task-") else name


def _begin(file: Path) -> None:
    samples: Counter[str] = Counter()
    holds: Holds = {}
    watch(holds)

    def write(_signal: int, _frame: FrameType | None) -> None:
        part = file.with_suffix(".part")
        part.write_text(json.dumps({"samples": samples, "holds": holds}))
        part.rename(file)
        samples.clear()
        holds.clear()

    def sample(_signal: int, frame: FrameType | None) -> None:
        samples[innermost(frame)] += 1

    signal.signal(signal.SIGUSR1, write)
    signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, _SECONDS, _SECONDS)


if __name__ == "__main__":
    _begin(Path(sys.argv.pop(1)))
    sys.exit(main())
