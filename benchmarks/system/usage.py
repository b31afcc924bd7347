"""Processor time and memory of a process, read from /proc."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """cpu: seconds of processor time so far, user and system; rss, peak: MB of memory now, and at most so far;
    anonymous: MB now without what is mapped of files, which processes share; writes: write calls to files and sockets
    so far; switches: how often a thread has waited for something so far."""

    cpu: float
    rss: float
    anonymous: float
    peak: float
    writes: int
    switches: int


def usage(pid: int) -> Usage:
    """Of a running process. Raises OSError for one that has ended."""
    stat = Path(f"/proc/{pid}/stat").read_text()
    fields = stat[stat.rindex(")") + 2 :].split()
    status = _lines(Path(f"/proc/{pid}/status"))
    return Usage(
        cpu=(int(fields[11]) + int(fields[12])) / _TICK,
        rss=_megabytes(status["VmRSS"]),
        anonymous=_megabytes(status["RssAnon"]),
        peak=_megabytes(status["VmHWM"]),
        writes=int(_lines(Path(f"/proc/{pid}/io"))["syscw"]),
        switches=sum(_waits(thread) for thread in Path(f"/proc/{pid}/task").iterdir()),
    )


def usages(pids: Mapping[str, int | None]) -> dict[str, Usage]:
    """Of each process that is ours, by name."""
    return {name: usage(pid) for name, pid in pids.items() if pid is not None}


def _lines(file: Path) -> dict[str, str]:
    return dict(line.split(":", 1) for line in file.read_text().splitlines())


def _waits(thread: Path) -> int:
    try:
        return int(_lines(thread / "status")["voluntary_ctxt_switches"])
    except OSError:
        return 0  # it has ended


def _megabytes(line: str) -> float:
    return int(line.split(maxsplit=1)[0]) / 1024
