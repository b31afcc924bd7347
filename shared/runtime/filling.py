"""Fills a service that lacks what others have, when all of them run in this process: their last events are published
again. In processes of their own, an operator runs `satu resync` for each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping

import structlog

from shared.backoff import backoff
from shared.clock import Clock, machine_seconds
from shared.contracts.event_types import CONTRACTS
from shared.faults import Fault
from shared.ports.store import Store
from shared.runtime.service import Filling
from shared.runtime.service_runner import ServiceRunner
from shared.storage.resync import resync
from shared.worker import Worker

MOST_READY = 10_000  # messages that may wait in the queue while more are published: it drops what is too much
LOOK_EVERY = 15.0  # seconds between two looks whether something is missing
AGAIN = (600.0, 86_400.0)  # seconds until what was filled is filled again: the first time, and the longest
_POLL = 0.2  # seconds

log = structlog.get_logger("filling")


class _Stopped(Exception):
    """The process ends: what is being filled is filled again after the next start."""


class Filler(Worker):
    """Fills one service."""

    def __init__(self, filling: Filling, own: ServiceRunner, sources: Collection[ServiceRunner]) -> None:
        """sources: the services whose events it is filled with."""
        super().__init__(f"{own.service.name}: filling")
        self._filling = filling
        self._own = own
        self._sources = sources
        self._waits = backoff(*AGAIN)
        self._last, self._not_before = "", 0.0

    async def _turn(self) -> None:
        try:
            wanted = await self._filling.wanted()
            if wanted and (wanted != self._last or machine_seconds() > self._not_before):
                await self._fill()
                self._last, self._not_before = wanted, machine_seconds() + next(self._waits)
        except _Stopped:
            return
        except Fault as fault:
            log.warning("filling.failed", service=self._own.service.name, reason=fault.detail)
        except Exception:
            log.exception("filling.failed", service=self._own.service.name)
        await self._back_off(LOOK_EVERY)

    async def _fill(self) -> None:
        owed = 0
        for source in self._sources:
            owed += await resync(source.resources.store, source.service.resynced, pace=self._room)
        for source in self._sources:
            await published(source.resources.store, self._wait)
        await self._handled()
        await self._filling.done()
        log.info("filling.done", service=self._own.service.name, events=owed)

    async def _room(self) -> None:
        """Wait until the queue has room."""
        while (await self._own.resources.bus.state(self._filling.subscription)).ready > MOST_READY:
            await self._wait(_POLL)

    async def _handled(self) -> None:
        """Wait until nothing waits in the queue, and nothing is held."""
        while True:
            state = await self._own.resources.bus.state(self._filling.subscription)
            if not state.ready and not state.held:
                return
            await self._wait(_POLL)

    async def _wait(self, seconds: float) -> None:
        """Wait within a turn. Raises _Stopped."""
        await self._back_off(seconds)
        if self._stopping.is_set():
            raise _Stopped


async def published(store: Store, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
    """Wait until all that is owed now is published, by this process or another. Raises StoreAway."""
    begun = Clock.machine()
    while (oldest := await store.oldest_owed()) is not None and oldest <= begun:
        await sleep(_POLL)


def fillers(runners: Mapping[str, ServiceRunner]) -> list[Filler]:
    """For each service of the process that can be filled by services of the process."""
    found = []
    for runner in runners.values():
        filling = runner.service.filling
        if filling is None:
            continue
        names = dict.fromkeys(CONTRACTS[type].source for type in sorted(filling.subscription.types))
        if names.keys() <= runners.keys():
            found.append(Filler(filling, runner, [runners[name] for name in names]))
    return found
