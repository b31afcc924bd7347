"""A service's loops: run, then wait `every` or a nudge. A fault is logged, counted, and the question asked again."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from shared.backoff import backoff
from shared.faults import Away
from shared.observability import tracing
from shared.observability.metrics import LOOP_SECONDS, LOOPS
from shared.observability.readiness import RUNNING, STARTING, STOPPED, Readiness
from shared.runtime.service import Loop

log = structlog.get_logger("loop")


class LoopRunner:
    """One loop of one process. `run` until `stop`. A loop that fails shows it and tries again: after 1, 2, 4 … 30
    seconds, or `every` when that is sooner."""

    def __init__(self, service: str, loop: Loop) -> None:
        self.loop = loop
        self.readiness: Readiness = STARTING
        self._service = service
        self._nudged = loop.wake or asyncio.Event()
        self._stopping = False

    def stop(self) -> None:
        """Begin no new run; the one under way ends by itself."""
        self._stopping = True
        self._nudged.set()

    async def run(self) -> None:
        """Ask again and again."""
        waits = backoff()
        try:
            while not self._stopping:
                self._nudged.clear()
                if self._stopping:  # stopped between the look and the clearing
                    break
                if await self._once():
                    waits = backoff()
                    await self._rest(self.loop.every)
                else:
                    await asyncio.sleep(0)
                    await self._rest(min(self.loop.every, next(waits)))
        finally:
            self.readiness = STOPPED

    async def _once(self) -> bool:
        labels = (self._service, self.loop.name)
        with tracing.of_request(None, None), LOOP_SECONDS.labels(*labels).time():
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

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._nudged.wait()
