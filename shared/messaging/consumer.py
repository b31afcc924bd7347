"""The one consumer pipeline: takes messages of one subscription, has them handled, and carries out the verdict.

Nothing is dropped and nothing loops: a message is acked only when its handler's changes are durable, or when it lies
confirmed on a rung or in the parked queue. Up to `prefetch` messages are handled at once, also of one subject: the
store decides each change alone. What a handler must do itself: keep the newer state, and bear any repetition.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from math import inf

import structlog

from shared.backoff import Sleep, backoff, rest
from shared.clock import machine_seconds
from shared.contracts.subscriptions import Subscription
from shared.contracts.topology import RUNGS
from shared.faults import Away, BusAway, QueueMissing
from shared.messaging.handlers import Handler
from shared.messaging.in_flight import InFlight, Trouble
from shared.messaging.pause import Paused
from shared.messaging.processing import Processor
from shared.messaging.verdict import Pause, Until
from shared.observability.metrics import PAUSED
from shared.observability.readiness import RUNNING, STARTING, STOPPED, Readiness
from shared.ports.bus import Bus, Delivery, Receiver
from shared.ports.store import Store

REST_RUNG = 1  # 30 s: where a pause puts what the consumer holds, uncounted
MISSING_EVERY = 10.0  # seconds between two looks for a queue that is missing

log = structlog.get_logger()


class Consumer:
    """One subscription of one process. `run` until `stop`; both once."""

    def __init__(
        self,
        bus: Bus,
        subscription: Subscription,
        handlers: Mapping[str, Handler],
        store: Store,
        *,
        prefetch: int = 16,
        ladder: tuple[float, ...] = RUNGS,
        grace: float = 5.0,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """handlers: event type → handler, for every type of the subscription; prefetch: messages handled at once;
        ladder: seconds of rest per rung, as the bus has them; grace: seconds that handlers get to end when the consumer
        stops or pauses; sleep: of the waits between two tries."""
        self.subscription = subscription
        self.readiness: Readiness = STARTING
        self._bus = bus
        self._store = store
        self._prefetch = prefetch
        self._grace = grace
        self._sleep = sleep
        self._ladder = ladder
        self._processor = Processor(subscription, handlers, len(ladder))
        self._rest_rung = min(REST_RUNG, len(ladder) - 1)
        self._stopping = asyncio.Event()
        self._stopped = asyncio.Event()
        self._paused: Paused | None = None
        self._reconnects = backoff(0.5)

    @property
    def paused(self) -> bool:
        """Whether the subscription waits for an answer."""
        return self.readiness.state == "paused"

    async def stop(self) -> None:
        """Take no more, let handlers end (at most `grace` seconds), give back the rest. Returns when that is done."""
        self._stopping.set()
        if self.readiness is not STARTING:
            await self._stopped.wait()

    async def run(self) -> None:
        """Work until `stop`. Trouble of any kind is waited out here, and shown in `readiness`."""
        if self._stopping.is_set():
            return
        self._stand(Readiness(ready=False, state="connecting", why="connecting to the bus"))
        try:
            while not self._stopping.is_set():
                await self._once()
        finally:
            self._stand(STOPPED)
            self._stopped.set()

    async def _once(self) -> None:
        try:
            if self._paused is None or await self._answered(self._paused):
                await self._consume(self._paused)
        except QueueMissing as fault:
            await self._wait_for_queue(fault)
        except BusAway as fault:
            await self._reconnect(fault.detail)
        except Exception as error:
            log.exception("consumer.failed", subscription=self.subscription.name)
            await self._reconnect(f"{type(error).__name__} in the consumer; see the log")

    async def _answered(self, paused: Paused) -> bool:
        try:
            await paused.ask(self._store, self._stopping, self._sleep)
        except Away as fault:
            self._stand(Readiness(ready=False, state="paused", why=fault.detail))
            return False
        return not self._stopping.is_set()

    async def _consume(self, paused: Paused | None) -> None:
        """Until stop or trouble; after a pause one message at a time, until the question is answered for good."""
        receiver = await self._bus.receive(self.subscription, prefetch=1 if paused else self._prefetch)
        self._reconnects = backoff(0.5)
        holding = InFlight(receiver, self._processor, width=1 if paused else self._prefetch, stopping=self._stopping)
        if paused is None or paused.pause.question is Until.STORE:
            self._stand(RUNNING)
        try:
            trouble = await self._work(holding, paused)
            if trouble is None:
                await holding.finish(self._grace)
            elif isinstance(trouble.verdict, Pause):
                await self._pause(receiver, holding, trouble.verdict, trouble.delivery)
            else:
                raise BusAway(trouble.verdict.reason)
        finally:
            await holding.drop()
            await receiver.close()

    async def _work(self, holding: InFlight, paused: Paused | None) -> Trouble | None:
        if paused is None:
            return await holding.work()
        about_message = paused.pause.question is Until.MESSAGE
        # Another process, of a newer release, may have taken the message meanwhile: then it never comes back here.
        until = machine_seconds() + 2 * self._ladder[self._rest_rung] + 1 if about_message else inf
        while not self._stopping.is_set():
            left = until - machine_seconds()
            treated = await holding.work_one(left) if left > 0 else None
            if isinstance(treated, Trouble):
                return treated
            if not about_message or treated is None or treated.message_id == paused.message_id:
                log.info("subscription.resumed", subscription=self.subscription.name)
                self._paused = None
                break
        return None

    async def _pause(self, receiver: Receiver, holding: InFlight, pause: Pause, delivery: Delivery) -> None:
        """Cancel the consumer, and put all that it holds on a rung without counting it."""
        if self._paused is None:
            self._paused = Paused(pause, delivery.message_id)
            log.warning("subscription.paused", subscription=self.subscription.name, reason=pause.reason)
        else:
            self._paused.renew(pause, delivery.message_id)
        self._stand(Readiness(ready=False, state="paused", why=pause.reason))
        with suppress(BusAway):  # what is held then comes back by itself
            fetched = await receiver.cancel()
            await holding.finish(self._grace)
            for held in (*holding.left, *fetched):
                await receiver.retry(held, rung=self._rest_rung, counted=False)

    async def _wait_for_queue(self, fault: QueueMissing) -> None:
        cure = f"{fault.detail}; the cure: satu topology apply, then satu resync registry"
        if self.readiness.state != "queue-missing":
            log.error("subscription.queue_missing", subscription=self.subscription.name, cure=cure)
        self._stand(Readiness(ready=False, state="queue-missing", why=cure))
        await rest(MISSING_EVERY, self._stopping, self._sleep)

    async def _reconnect(self, reason: str) -> None:
        if self.readiness.state != "reconnecting":
            log.warning("subscription.reconnecting", subscription=self.subscription.name, reason=reason)
        self._stand(Readiness(ready=False, state="reconnecting", why=reason))
        await rest(next(self._reconnects), self._stopping, self._sleep)
        if not self._stopping.is_set():
            with suppress(BusAway):
                await self._bus.open()

    def _stand(self, readiness: Readiness) -> None:
        self.readiness = readiness
        PAUSED.labels(self.subscription.name).set(1 if readiness.state == "paused" else 0)
