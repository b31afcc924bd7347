"""The health of a process: live, serving, ready; each part of it with its reason."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from shared.clock import machine_seconds
from shared.faults import Away
from shared.observability.readiness import RUNNING, Readiness
from shared.runtime.lag import MOST_SECONDS
from shared.runtime.service_runner import ServiceRunner

_TIMEOUT = 3.0  # seconds that an engine may take to answer a ping
_CACHE = 1.0  # seconds for which a result is reused: a probe that asks often must not keep a disk busy
_CACHE_UNREADY = 0.1  # seconds: whoever waits until a process is ready must not wait longer than it takes


class Health:
    """Checks the parts of every service."""

    def __init__(self, runners: Sequence[ServiceRunner]) -> None:
        self._runners = runners
        self._checked = float("-inf")
        self._parts: dict[str, Readiness] = {}
        self._lock = asyncio.Lock()

    def serving(self) -> bool:
        """Whether requests can be answered, also with the bus away: a proxy sends them only while this is true."""
        return all(runner.readiness.ready for runner in self._runners)

    async def parts(self) -> dict[str, Readiness]:
        """Part → its readiness. A service with a part that is not ready may still serve requests."""
        async with self._lock:
            ready = all(each.ready for each in self._parts.values())
            if machine_seconds() - self._checked > (_CACHE if ready else _CACHE_UNREADY):
                found = await asyncio.gather(*(_parts_of(runner) for runner in self._runners))
                self._parts = {name: readiness for parts in found for name, readiness in parts.items()}
                self._checked = machine_seconds()
        return self._parts


def described(parts: dict[str, Readiness]) -> dict[str, Any]:
    """The body of `/health/ready` on the operators' address."""
    return {
        "ready": all(readiness.ready for readiness in parts.values()),
        "parts": {
            name: {"ready": each.ready, "state": each.state} | ({"why": each.why} if each.why else {})
            for name, each in parts.items()
        },
    }


async def _parts_of(runner: ServiceRunner) -> dict[str, Readiness]:
    name, resources = runner.service.name, runner.resources
    if not runner.readiness.ready:
        return {f"{name}: service": runner.readiness}
    store, bus, files = await asyncio.gather(
        _ping(resources.store.ping), _ping(resources.bus.ping), _ping(resources.files.ping)
    )
    parts = {f"{name}: store": store, f"{name}: bus": bus, f"{name}: files": files}
    parts[f"{name}: relay"] = runner.relay.readiness
    parts[f"{name}: outbox"] = _outbox(runner)
    parts |= {f"{name}: consumer {each.name}": each.readiness for each in runner.consumers}
    parts |= {f"{name}: loop {each.name}": each.readiness for each in runner.loops}
    return parts | {f"{name}: {part}": readiness for part, readiness in (await _own_parts(runner)).items()}


async def _own_parts(runner: ServiceRunner) -> Mapping[str, Readiness]:
    """What the service reports of itself."""
    if runner.service.readiness is None:
        return {}
    try:
        async with asyncio.timeout(_TIMEOUT):
            return await runner.service.readiness()
    except TimeoutError:
        return {"own parts": Readiness(ready=False, state="silent", why=f"no answer within {_TIMEOUT:.0f} seconds")}
    except Away as fault:
        return {"own parts": Readiness(ready=False, state="away", why=fault.detail)}


async def _ping(ping: Callable[[], Awaitable[None]]) -> Readiness:
    try:
        async with asyncio.timeout(_TIMEOUT):
            await ping()
    except TimeoutError:
        return Readiness(ready=False, state="silent", why=f"no answer within {_TIMEOUT:.0f} seconds")
    except Away as fault:
        return Readiness(ready=False, state="away", why=fault.detail)
    return RUNNING


def _outbox(runner: ServiceRunner) -> Readiness:
    seconds = runner.lag.outbox_seconds
    if seconds > MOST_SECONDS:
        return Readiness(ready=False, state="lagging", why=f"an event has been owed for {int(seconds)} seconds")
    return RUNNING
