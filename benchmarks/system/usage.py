"""Processor time and memory of a process, read from /proc."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """cpu: seconds of processor time so far, user and system; rss, peak: MB of memory now, and at most so far."""

    cpu: float
    rss: float
    peak: float


def usage(pid: int) -> Usage:
    """Of a running process. Raises OSError for one that has ended."""
    stat = Path(f"/proc/{pid}/stat").read_text()
    fields = stat[stat.rindex(")") + 2 :].split()
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return Usage((int(fields[11]) + int(fields[12])) / _TICK, _megabytes(status["VmRSS"]), _megabytes(status["VmHWM"]))


def spent(pids: Mapping[str, int | None]) -> dict[str, float]:
    """Name → seconds of processor time so far; without those whose process is not ours."""
    return {name: usage(pid).cpu for name, pid in pids.items() if pid is not None}


def _megabytes(line: str) -> float:
    return int(line.split(maxsplit=1)[0]) / 1024
