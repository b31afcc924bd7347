"""How the process is: alive, able to serve, ready; each part with its reason."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from shared.clock import machine_seconds
from shared.faults import Away
from shared.observability.readiness import RUNNING, Readiness
from shared.runtime.host import Host
from shared.runtime.lag import MOST_SECONDS

_PATIENCE = 3.0  # seconds that an engine may take to answer a question about its health
_KEEP = 1.0  # seconds for which an answer is given again: those who ask often must not wear out a disk


class Health:
    """Asks the parts of every service."""

    def __init__(self, hosts: Sequence[Host]) -> None:
        self._hosts = hosts
        self._asked = float("-inf")
        self._parts: dict[str, Readiness] = {}
        self._lock = asyncio.Lock()

    def serving(self) -> bool:
        """Whether requests can be answered: a proxy sends them only where this is so. The bus may be away."""
        return all(host.readiness.ready for host in self._hosts)

    async def parts(self) -> dict[str, Readiness]:
        """Part → how it stands. Readiness is about all of the work; a service that is not ready may well serve."""
        async with self._lock:
            if machine_seconds() - self._asked > _KEEP:
                found = await asyncio.gather(*(_parts_of(host) for host in self._hosts))
                self._parts = {name: readiness for parts in found for name, readiness in parts.items()}
                self._asked = machine_seconds()
        return self._parts


def described(parts: dict[str, Readiness]) -> dict[str, Any]:
    """The body of `/health/ready`."""
    return {
        "ready": all(readiness.ready for readiness in parts.values()),
        "parts": {
            name: {"ready": each.ready, "state": each.state} | ({"why": each.why} if each.why else {})
            for name, each in parts.items()
        },
    }


async def _parts_of(host: Host) -> dict[str, Readiness]:
    name = host.service.name
    if not host.readiness.ready:
        return {f"{name}: service": host.readiness}
    store, bus, files = await asyncio.gather(
        _answers(host.world.store.ping), _answers(host.world.bus.ping), _answers(host.world.files.ping)
    )
    parts = {f"{name}: store": store, f"{name}: bus": bus, f"{name}: files": files}
    parts[f"{name}: relay"] = host.relay.readiness
    parts[f"{name}: outbox"] = await _outbox(host)
    parts |= {f"{name}: consumer {each.subscription.name}": each.readiness for each in host.consumers}
    parts |= {f"{name}: loop {each.loop.name}": each.readiness for each in host.loops}
    return parts


async def _answers(ping: Callable[[], Awaitable[None]]) -> Readiness:
    try:
        async with asyncio.timeout(_PATIENCE):
            await ping()
    except TimeoutError:
        return Readiness(ready=False, state="silent", why=f"no answer within {_PATIENCE:.0f} seconds")
    except Away as fault:
        return Readiness(ready=False, state="away", why=fault.detail)
    return RUNNING


async def _outbox(host: Host) -> Readiness:
    seconds = host.lag.outbox_seconds
    if seconds > MOST_SECONDS:
        return Readiness(ready=False, state="lagging", why=f"an event has been owed for {int(seconds)} seconds")
    return RUNNING
