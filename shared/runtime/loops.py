"""Runs the loops of a service."""

from __future__ import annotations

import asyncio

import structlog

from shared.backoff import backoff
from shared.faults import Away
from shared.observability import tracing
from shared.observability.actor import Actor, acting
from shared.observability.metrics import LOOP_SECONDS, LOOPS
from shared.observability.readiness import RUNNING, STARTING, STOPPED, Readiness
from shared.runtime.service import Loop
from shared.worker import Worker

log = structlog.get_logger("loop")


class LoopRunner(Worker):
    """Runs one loop, then waits `every` seconds or until it is woken. A run that fails is logged and counted, shows in
    `readiness`, and is repeated after 1, 2, 4 … 30 seconds, or after `every` when that is sooner."""

    def __init__(self, service: str, loop: Loop) -> None:
        super().__init__(loop.name, woken=loop.wake)
        self.loop = loop
        self.readiness: Readiness = STARTING
        self._service = service
        self._waits = backoff()

    async def _turn(self) -> None:
        if await self._run_once():
            self._waits = backoff()
            await self._idle(self.loop.every)
        else:
            await asyncio.sleep(0)  # a loop that is woken all the time must not keep the process from other work
            await self._idle(min(self.loop.every, next(self._waits)))

    async def _finish(self) -> None:
        self.readiness = STOPPED

    async def _run_once(self) -> bool:
        labels = (self._service, self.loop.name)
        by = Actor(None, "loop", None, self.loop.name)
        with tracing.of_request(None, None), acting(by), LOOP_SECONDS.labels(*labels).time():
            try:
                await self.loop.run()
            except Away as fault:
                self._fail("away", fault.detail)
            except Exception as error:
                log.exception("loop.failed", service=self._service, loop=self.loop.name)
                self._fail("failing", f"{type(error).__name__}; see the log")
            else:
                self.readiness = RUNNING
                LOOPS.labels(*labels, "done").inc()
                return True
        LOOPS.labels(*labels, "failed").inc()
        return False

    def _fail(self, state: str, why: str) -> None:
        if self.readiness.state != state:
            log.warning("loop.waits", service=self._service, loop=self.loop.name, reason=why)
        self.readiness = Readiness(ready=False, state=state, why=why)
