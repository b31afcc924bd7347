"""Runs one service in a process: opens its engines, starts its workers, and stops them so that nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from shared.backoff import until_available
from shared.contracts.subscriptions import SUBSCRIPTIONS, Subscription
from shared.faults import Away
from shared.messaging.audit_filing import AuditFiling
from shared.messaging.consumer import Consumer
from shared.messaging.relay import Relay
from shared.observability.readiness import RUNNING, STARTING, STOPPED, Readiness
from shared.ports.audit import ENTRY
from shared.runtime.lag import Lag
from shared.runtime.loops import LoopRunner
from shared.runtime.service import Loop, Resources, Service
from shared.storage.audit.sealing import SEAL_EVERY, Sealing
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.list import ErasureList
from shared.worker import Worker

_DRAIN_SECONDS = 5.0  # for the relay to publish the last events; what is left is published after the next start
_REBUILT_PREFETCH = 256
_GRACE_SECONDS = 5.0  # for the run of a loop that is in progress; then it is cancelled

log = structlog.get_logger("service")


def _width(subscription: Subscription, prefetch: int) -> int:
    """How many messages are handled at once. What can be rebuilt is for a service that writes many of them together."""
    return max(prefetch, _REBUILT_PREFETCH) if subscription.rebuilt else prefetch


class ServiceRunner:
    """Runs what a `Service` declares. `open`, then `begin`, then `end`; each once."""

    def __init__(self, service: Service, resources: Resources) -> None:
        self.service = service
        self.resources = resources
        self.readiness: Readiness = STARTING
        store, bus, prefetch = resources.store, resources.bus, resources.settings.prefetch
        audited = ENTRY in service.kinds
        self.relay = Relay(store, bus, service=service.name, filing=AuditFiling(store) if audited else None)
        self.lag = Lag(service.name, store, bus, lambda: self.relay.readiness.ready)
        self.consumers = [
            Consumer(
                bus,
                each,
                service.handlers_of(each.purpose),
                store,
                prefetch=_width(each, prefetch),
                before_taking=service.before_taking.get(each.purpose),
            )
            for each in SUBSCRIPTIONS
            if each.service == service.name
        ]
        sealing = (Loop("audit_seals", SEAL_EVERY, Sealing(store).run),) if audited else ()
        self.loops = [LoopRunner(service.name, loop) for loop in (*service.loops, *sealing)]
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Open the store and the files, run the service's own start, and carry out the erasures that an older backup
        does not know; while one of them is away, wait. Raises Misconfigured for what waiting does not solve."""
        await self._until_available("store", lambda: self.resources.store.open(self.service.kinds))
        await self._until_available("files", self.resources.files.open)
        if self.service.start is not None:
            await self._until_available("start", self.service.start)
        if (held := self.service.personal_data) is not None:
            listed = ErasureList(self.resources.settings.erasures)
            erasures = Erasures(self.resources.store, self.service.name, listed)
            await self._until_available("erasures", lambda: erasures.catch_up(held))
        self.readiness = RUNNING
        log.info("service.opened", service=self.service.name)

    def begin(self, failed: Callable[[BaseException], None]) -> None:
        """Start relay, lag, consumers and loops. failed: called with the error that ends one of them."""
        workers: list[Worker] = [self.relay, self.lag, *self.consumers, *self.loops]
        for worker in workers:
            task = asyncio.create_task(worker.run(), name=f"{self.service.name}: {worker.name}")
            task.add_done_callback(partial(_report, failed))
            self._tasks.append(task)

    async def end(self) -> None:
        """Stop consumers and loops, let the relay publish their last events, then close the store."""
        self.readiness = STOPPED
        if self._tasks:
            loops = (loop.stop(_GRACE_SECONDS) for loop in self.loops)
            await asyncio.gather(*(consumer.stop() for consumer in self.consumers), *loops)
            await self._drain()
            await asyncio.gather(self.relay.stop(), self.lag.stop(0))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.service.stop is not None:
            await self.service.stop()
        await self.resources.store.close()
        log.info("service.ended", service=self.service.name)

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                while self.relay.readiness.ready and await self.resources.store.oldest_owed() is not None:
                    self.relay.wake()
                    await asyncio.sleep(0.02)
        except (TimeoutError, Away):
            log.warning("service.still-owes", service=self.service.name)

    async def _until_available(self, part: str, step: Callable[[], Awaitable[object]]) -> None:
        def waits(fault: Away, seconds: float) -> None:
            self.readiness = Readiness(ready=False, state=f"waiting-for-{part}", why=fault.detail)
            log.warning("service.waits", service=self.service.name, part=part, reason=fault.detail, seconds=seconds)

        await until_available(step, waits)


def _report(failed: Callable[[BaseException], None], task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        failed(error)
