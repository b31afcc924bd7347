"""One service in one process: opened, at work, and taken down again in an order that loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from shared.backoff import backoff
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.faults import Away
from shared.messaging.consumer import Consumer
from shared.messaging.relay import Relay
from shared.observability.readiness import RUNNING, STARTING, STOPPED, Readiness
from shared.runtime.lag import Lag
from shared.runtime.loops import LoopRunner
from shared.runtime.service import Service, World

_DRAIN_SECONDS = 5.0  # for the relay, to carry what the last changes owe; what is left goes out at the next start

log = structlog.get_logger("service")


class Host:
    """Runs what a `Service` names. `open`, then `begin`, then `end`; each once."""

    def __init__(self, service: Service, world: World) -> None:
        self.service = service
        self.world = world
        self.readiness: Readiness = STARTING
        settings = world.settings
        self.relay = Relay(world.store, world.bus, service=service.name)
        self.lag = Lag(service.name, world.store, world.bus, lambda: self.relay.readiness.ready)
        self.consumers = [
            Consumer(world.bus, each, service.handlers[each.purpose], world.store, prefetch=settings.prefetch)
            for each in SUBSCRIPTIONS
            if each.service == service.name
        ]
        self.loops = [LoopRunner(service.name, loop) for loop in service.loops]
        self._tasks: list[asyncio.Task[Any]] = []

    async def open(self) -> None:
        """Open the store and the files, and let the service check what it stands on; waits for the world as long as it
        takes. Raises Misconfigured for what waiting will not mend."""
        await self._patiently("store", lambda: self.world.store.open(self.service.kinds))
        await self._patiently("files", self.world.files.open)
        if self.service.start is not None:
            await self._patiently("start", self.service.start)
        self.readiness = RUNNING
        log.info("service.opened", service=self.service.name)

    def begin(self, failed: Callable[[BaseException], None]) -> None:
        """Relay, consumers and loops go to work. failed: told when one of them ends that never should."""
        parts: list[tuple[str, Coroutine[Any, Any, None]]] = [
            ("relay", self.relay.run()),
            ("lag", self.lag.watch()),
            *((each.subscription.name, each.run()) for each in self.consumers),
            *((each.loop.name, each.run()) for each in self.loops),
        ]
        for name, run in parts:
            task = asyncio.create_task(run, name=f"{self.service.name}: {name}")
            task.add_done_callback(lambda done: _report(done, failed))
            self._tasks.append(task)

    async def end(self) -> None:
        """Loops and consumers stop, the relay carries what they owed, the store is closed last."""
        self.readiness = STOPPED
        for loop in self.loops:
            loop.stop()
        if self._tasks:
            await asyncio.gather(*(consumer.stop() for consumer in self.consumers))
            await self._drain()
            await self.relay.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.world.store.close()
        log.info("service.ended", service=self.service.name)

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                while self.relay.readiness.ready and await self.world.store.oldest_owed() is not None:
                    self.relay.nudge()
                    await asyncio.sleep(0.02)
        except (TimeoutError, Away):
            log.warning("service.still-owes", service=self.service.name)

    async def _patiently(self, what: str, step: Callable[[], Awaitable[object]]) -> None:
        for wait in backoff():
            try:
                await step()
            except Away as fault:
                self.readiness = Readiness(ready=False, state=f"waiting-for-{what}", why=fault.detail)
                log.warning("service.waits", service=self.service.name, part=what, reason=fault.detail, seconds=wait)
                await asyncio.sleep(wait)
            else:
                return


def _report(task: asyncio.Task[Any], failed: Callable[[BaseException], None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        failed(error)
