"""How a long-running part of a process stands, in words: what `/health/ready` shows of relays and consumers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Readiness:
    """ready: it does its work; state: a stable slug (`running`, `paused`, `queue-missing`, `reconnecting`, …); why: a
    sentence with the cure, empty when it is ready."""

    ready: bool
    state: str
    why: str = ""


STARTING = Readiness(ready=False, state="starting", why="not begun yet")
RUNNING = Readiness(ready=True, state="running")
STOPPED = Readiness(ready=False, state="stopped", why="stopped")
