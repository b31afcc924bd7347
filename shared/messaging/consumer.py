"""Consumes the messages of one subscription: takes them, runs their handlers, carries out the verdicts.

No message is dropped and none loops: it is acknowledged only when its handler's changes are durable, or when it is
confirmed on a rung or in the parked queue. Up to `prefetch` messages are handled at once, also of one subject: the
store decides each change alone. A handler must itself keep the newer state, and must tolerate any repetition.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from math import inf

import structlog

from shared.backoff import Sleep, backoff
from shared.clock import machine_seconds
from shared.contracts.subscriptions import Subscription
from shared.contracts.topology import RUNGS
from shared.faults import Away, BusAway, QueueMissing
from shared.messaging.handlers import Handler, RawHandler
from shared.messaging.in_flight import InFlight, Interruption
from shared.messaging.pause import SubscriptionPause
from shared.messaging.raw_processing import processor_of
from shared.messaging.verdict import Pause, ResumeWhen
from shared.observability.metrics import PAUSED
from shared.observability.readiness import RUNNING, STARTING, STOPPED, Readiness
from shared.ports.bus import Bus, Delivery, Receiver
from shared.ports.store import Store
from shared.worker import Worker

PAUSE_RUNG = 1  # 30 s: where a pause puts the in-flight messages, uncounted
MISSING_EVERY = 10.0  # seconds between two tries to consume a queue that is missing

log = structlog.get_logger()


class Consumer(Worker):
    """One subscription of one process. Every fault is waited out here and shown in `readiness`."""

    def __init__(
        self,
        bus: Bus,
        subscription: Subscription,
        handlers: Mapping[str, Handler] | RawHandler,
        store: Store,
        *,
        prefetch: int = 16,
        ladder: tuple[float, ...] = RUNGS,
        grace: float = 5.0,
        sleep: Sleep = asyncio.sleep,
        before_taking: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """handlers: event type → handler, for every type of the subscription, or one raw handler; prefetch: messages
        handled at once; ladder: seconds of each rung, as the bus has them; grace: seconds that handlers get to end when
        the consumer stops or pauses; sleep: of the waits between two tries; before_taking: awaited each time before
        messages are taken from the queue; it raises nothing."""
        super().__init__(subscription.name, sleep=sleep)
        self.subscription = subscription
        self.readiness: Readiness = STARTING
        self._bus = bus
        self._store = store
        self._prefetch = prefetch
        self._before_taking = before_taking
        self._grace = grace
        self._ladder = ladder
        self._processor = processor_of(subscription, handlers, len(ladder))
        self._pause_rung = min(PAUSE_RUNG, len(ladder) - 1)
        self._pause: SubscriptionPause | None = None
        self._running = RUNNING
        self._reconnects = backoff(0.5)

    @property
    def paused(self) -> bool:
        """Whether the subscription is paused."""
        return self.readiness.state == "paused"

    def _begin(self) -> None:
        self._set_readiness(Readiness(ready=False, state="connecting", why="connecting to the bus"))

    async def _turn(self) -> None:
        """Consume until `stop` or a fault."""
        try:
            if self._pause is None or await self._may_resume(self._pause):
                await self._consume(self._pause)
        except QueueMissing as fault:
            await self._wait_for_queue(fault)
        except BusAway as fault:
            await self._reconnect(fault.detail)
        except Exception as error:
            log.exception("consumer.failed", subscription=self.name)
            await self._reconnect(f"{type(error).__name__} in the consumer; see the log")

    async def _finish(self) -> None:
        self._set_readiness(STOPPED)

    async def _may_resume(self, pause: SubscriptionPause) -> bool:
        try:
            await pause.wait_and_check(self._store, self._stopping, self._sleep)
        except Away as fault:
            self._set_readiness(Readiness(ready=False, state="paused", why=fault.detail))
            return False
        return not self._stopping.is_set()

    async def _consume(self, pause: SubscriptionPause | None) -> None:
        """Until `stop` or an interruption; after a pause one message at a time, until one was handled."""
        width = 1 if pause else self._prefetch
        if self._before_taking is not None:
            await self._before_taking()
        receiver = await self._bus.receive(self.subscription, prefetch=width)
        in_flight = InFlight(receiver, self._processor, width=width, stopping=self._stopping)
        if pause is None or pause.pause.resume_when is ResumeWhen.STORE_ANSWERS:
            self._set_readiness(self._running)
        try:
            interruption = await self._work(in_flight, pause)
            if interruption is None:
                await in_flight.finish(self._grace)
            elif isinstance(interruption.verdict, Pause):
                await self._start_pause(receiver, in_flight, interruption.verdict, interruption.delivery)
            else:
                raise BusAway(interruption.verdict.reason)
        finally:
            if in_flight.settled:  # not as soon as it is connected: each connection costs the held messages a delivery
                self._reconnects = backoff(0.5)
            await in_flight.drop()
            await receiver.close()

    async def _work(self, in_flight: InFlight, pause: SubscriptionPause | None) -> Interruption | None:
        if pause is None:
            return await in_flight.work()
        about_message = pause.pause.resume_when is ResumeWhen.MESSAGE_READABLE
        # Another process, of a newer release, may have taken the message meanwhile: then it never comes back here.
        until = machine_seconds() + 2 * self._ladder[self._pause_rung] + 1 if about_message else inf
        while not self._stopping.is_set():
            left = until - machine_seconds()
            handled = await in_flight.work_one(left) if left > 0 else None
            if isinstance(handled, Interruption):
                return handled
            if not about_message or handled is None or handled.message_id == pause.message_id:
                log.info("subscription.resumed", subscription=self.name)
                self._pause = None
                break
        return None

    async def _start_pause(self, receiver: Receiver, in_flight: InFlight, pause: Pause, delivery: Delivery) -> None:
        """Stop consuming, and put the in-flight messages on a rung without counting an attempt."""
        if self._pause is None:
            self._pause = SubscriptionPause(pause, delivery.message_id)
            log.warning("subscription.paused", subscription=self.name, reason=pause.reason)
        else:
            self._pause.renew(pause, delivery.message_id)
        self._set_readiness(Readiness(ready=False, state="paused", why=pause.reason))
        with suppress(BusAway):  # the bus then delivers them again by itself
            fetched = await receiver.cancel()
            await in_flight.finish(self._grace)
            for each in (*in_flight.unsettled, *fetched):
                await receiver.retry(each, rung=self._pause_rung, counted=False)

    async def _wait_for_queue(self, fault: QueueMissing) -> None:
        cure = f"{fault.detail}; the cure: {self.subscription.cure}"
        if self.readiness.state != "queue-missing":
            log.error("subscription.queue_missing", subscription=self.name, cure=cure)
        self._set_readiness(Readiness(ready=False, state="queue-missing", why=cure))
        self._running = _running_again(self.subscription)
        await self._back_off(MISSING_EVERY)

    async def _reconnect(self, reason: str) -> None:
        if self.readiness.state != "reconnecting":
            log.warning("subscription.reconnecting", subscription=self.name, reason=reason)
        self._set_readiness(Readiness(ready=False, state="reconnecting", why=reason))
        await self._back_off(next(self._reconnects))
        if not self._stopping.is_set():
            with suppress(BusAway):
                await self._bus.open()

    def _set_readiness(self, readiness: Readiness) -> None:
        self.readiness = readiness
        PAUSED.labels(self.name).set(1 if readiness.state == "paused" else 0)


def _running_again(subscription: Subscription) -> Readiness:
    missed = ", ".join(command for _, command in subscription.refill)
    why = f"its queue was missing for a while; if that was not done since, what it missed is sent by: {missed}"
    return Readiness(ready=True, state="running", why=why)
