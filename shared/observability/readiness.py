"""The readiness of a part of a process, such as a relay or a consumer: what `/health/ready` shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Readiness:
    """ready: it does its work; state: a stable slug (`running`, `paused`, `queue-missing`, `reconnecting`, …); why: a
    sentence, with the cure if there is one; when it is ready, only what is still to be done."""

    ready: bool
    state: str
    why: str = ""


STARTING = Readiness(ready=False, state="starting", why="not begun yet")
RUNNING = Readiness(ready=True, state="running")
STOPPED = Readiness(ready=False, state="stopped", why="stopped")
