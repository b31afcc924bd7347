"""What a process reports about itself over HTTP."""

from __future__ import annotations

from typing import Any

import httpx2

from tests.support.client import Away
from tests.support.faults.processes import RunningSystem

SOON = 20.0
"""Seconds within which every request is answered, whatever is away."""


async def readiness(system: RunningSystem) -> dict[str, Any]:
    """The state of each part by name: the body of `/health/ready`."""
    async with httpx2.AsyncClient(trust_env=False, timeout=SOON) as http:
        return dict((await http.get(f"{system.process.admin_url}/health/ready")).json()["parts"])


async def metrics_of(system: RunningSystem, prefix: str) -> dict[str, float]:
    """The metrics whose line starts with the prefix."""
    async with httpx2.AsyncClient(trust_env=False, timeout=SOON) as http:
        lines = (await http.get(f"{system.process.admin_url}/metrics")).text.splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line.startswith(prefix)}


async def sweeps(system: RunningSystem) -> float:
    """How often this process has looked who is to be told. Raises Away while it starts."""
    try:
        found = await metrics_of(system, "satu_loop_runs_total")
    except httpx2.TransportError as error:
        raise Away(str(error)) from error
    return sum(value for name, value in found.items() if 'loop="sweep"' in name and 'outcome="done"' in name)


async def check_alive(system: RunningSystem) -> None:
    """The process answers and was never restarted."""
    async with httpx2.AsyncClient(trust_env=False, timeout=SOON) as http:
        assert (await http.get(f"{system.url}/health/live")).json() == {"live": True}
    assert system.process.deaths == 0
    assert system.process.failure() is None
