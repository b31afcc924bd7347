"""Processes one message: decodes it, runs its handler, judges the outcome, and settles it on the bus."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from prometheus_client import Histogram

from shared.backoff import until_available
from shared.clock import machine_seconds
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.contracts.event_types import NO_BRIEFS, decode_event
from shared.contracts.subscriptions import Subscription
from shared.faults import Fault, NewerSchema, Unconfirmed, Unreadable
from shared.messaging.handlers import Handler, briefs
from shared.messaging.verdict import Ack, Park, Pause, Reconnect, Retry, Verdict, judge
from shared.observability import logs
from shared.observability.actor import Actor, acting
from shared.observability.failpoints import Failpoint, reach
from shared.observability.metrics import DELIVERIES, HANDLER_SECONDS, RETRIES
from shared.observability.tracing import of_event
from shared.ports.bus import Delivery, Receiver

log = structlog.get_logger()


class Processor:
    """Processes the messages of one subscription."""

    def __init__(self, subscription: Subscription, handlers: Mapping[str, Handler], rungs: int) -> None:
        """rungs: how many the bus has. Raises ValueError when a type of the subscription has no handler."""
        without = sorted(subscription.types - handlers.keys())
        if without:
            raise ValueError(f"{subscription.name} has no handler for {', '.join(without)}")
        self._subscription = subscription
        self._handlers = handlers
        self._briefs = briefs(handlers)
        self._rungs = rungs
        self._done = DELIVERIES.labels(subscription.name, "done")
        self._seconds = {type: HANDLER_SECONDS.labels(subscription.name, type) for type in subscription.types}

    async def process(self, receiver: Receiver, delivery: Delivery) -> Verdict:
        """Handle and settle; after a Pause or Reconnect the message is not settled. Raises BusAway when settling
        fails."""
        reach(Failpoint.DELIVERY_TAKEN, delivery.message_id)
        fields: dict[str, object] = {"subscription": self._subscription.name, "event_id": delivery.message_id}
        with logs.about(fields):
            verdict = await self._handle(delivery, fields)
            await self._settle(receiver, delivery, verdict)
        return verdict

    async def _handle(self, delivery: Delivery, fields: dict[str, object]) -> Verdict:
        """fields: of the log lines about this message."""
        try:
            event, handling = self._begin(delivery)
            fields |= {"event_type": event.type, "correlation_id": event.correlationid}
            with of_event(event), acting(Actor(None, "handler", None, event.type)):
                began = machine_seconds()
                try:
                    await self._run(handling)
                finally:
                    self._seconds_of(event.type).observe(machine_seconds() - began)
        except Exception as fault:  # noqa: BLE001 - every fault has a verdict
            verdict = judge(fault, delivery.attempt, self._rungs)
            _log(verdict, delivery, fault)
            return verdict
        reach(Failpoint.DELIVERY_HANDLED, delivery.message_id)
        return Ack()

    def _begin(self, delivery: Delivery) -> tuple[Event, Awaitable[None]]:
        """The event, and its handling. Raises Unreadable, NewerSchema."""
        event, payload = decode(delivery, self._subscription, self._briefs)
        return event, self._handlers[event.type](event, payload)

    def _seconds_of(self, type: str) -> Histogram:
        return self._seconds[type]

    @staticmethod
    async def _run(handling: Awaitable[None]) -> None:
        """Run a handler. A cancellation that this task did not ask for is the handler's fault and must not end the
        consumer: it is raised as RuntimeError."""
        try:
            await handling
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            raise RuntimeError("the handler was cancelled from within") from error

    async def _settle(self, receiver: Receiver, delivery: Delivery, verdict: Verdict) -> None:
        name = self._subscription.name
        match verdict:
            case Ack():
                await receiver.ack(delivery)
                reach(Failpoint.DELIVERY_ACKED, delivery.message_id)
                self._done.inc()
                return
            case Retry(rung=rung):
                await _until_confirmed(lambda: receiver.retry(delivery, rung=rung, counted=True))
                RETRIES.labels(name, str(rung)).inc()
                outcome = "again"
            case Park(reason=reason, fault=fault):
                await _until_confirmed(lambda: receiver.park(delivery, reason=reason, fault=fault))
                outcome = "parked"
            case Pause():
                outcome = "paused"
            case Reconnect():
                outcome = "lost"
        DELIVERIES.labels(name, outcome).inc()


async def _until_confirmed(move: Callable[[], Awaitable[None]]) -> None:
    """Try until the broker confirms. Meanwhile the message stays held: giving it back would cost it a delivery, and
    with a broker that takes no messages for an hour all that it may have."""
    await until_available(move, fault=Unconfirmed)


def decode(
    delivery: Delivery, subscription: Subscription, briefs: Mapping[str, type[Payload]] = NO_BRIEFS
) -> tuple[Event, Payload]:
    """The message as an event with its payload, if its routing key is allowed; briefs: as of `decode_event`. Raises
    Unreadable, NewerSchema."""
    try:
        event, payload = decode_event(delivery.body, briefs)
    except NewerSchema:
        _require_routing_key(Event.decode(delivery.body), delivery, subscription)
        raise
    _require_routing_key(event, delivery, subscription)
    return event, payload


def _require_routing_key(event: Event, delivery: Delivery, subscription: Subscription) -> None:
    require_own_key(event, delivery, subscription)
    if event.type not in subscription.types:
        raise Unreadable(f"{subscription.name} does not take {event.type}")


def require_own_key(event: Event, delivery: Delivery, subscription: Subscription) -> None:
    """From the exchange the routing key is the event type, which the broker checks against the publisher's rights; what
    returns through `<service>.own` has the queue's name. Raises Unreadable for another one."""
    if delivery.routing_key not in (event.type, subscription.name):
        raise Unreadable(f"{event.type} came under routing key {delivery.routing_key!r}")


def _log(verdict: Verdict, delivery: Delivery, fault: Exception) -> None:
    unexpected = None if isinstance(fault, Fault) else fault
    match verdict:
        case Retry(rung=rung, reason=reason):
            log.warning("delivery.again", rung=rung, attempt=delivery.attempt + 1, reason=reason, exc_info=unexpected)
        case Park(reason=reason):
            log.error("delivery.parked", attempt=delivery.attempt + 1, reason=reason, exc_info=unexpected)
        case Ack() | Pause() | Reconnect():
            pass  # the consumer logs a fault of the environment once, not for each message
