"""Processes messages by their envelope and bytes alone, for a service that passes events on."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping

from prometheus_client import Histogram
from typing_extensions import override

from shared.contracts.event import Event
from shared.contracts.event_types import CONTRACTS, decode_envelope
from shared.contracts.subscriptions import Subscription
from shared.faults import Unreadable
from shared.messaging.handlers import Handler, RawHandler
from shared.messaging.processing import Processor, require_own_key
from shared.observability.metrics import HANDLER_SECONDS
from shared.ports.bus import Delivery

_UNKNOWN = "unknown"  # the label of all types that this release does not know


class RawProcessor(Processor):
    """As `Processor`, with one handler for all messages. A type or a version of a schema that only a newer release
    knows is handled as every other; a message without a readable envelope, or about what the subscription does not
    take, is parked."""

    def __init__(self, subscription: Subscription, handler: RawHandler, rungs: int) -> None:
        """rungs: how many the bus has."""
        super().__init__(subscription, dict.fromkeys(subscription.types, _never), rungs)
        self._handler = handler
        self._others = HANDLER_SECONDS.labels(subscription.name, _UNKNOWN)

    @override
    def _begin(self, delivery: Delivery) -> tuple[Event, Awaitable[None]]:
        event = decode_envelope(delivery.body)
        require_own_key(event, delivery, self._subscription)
        if event.type in CONTRACTS and event.type not in self._subscription.types:
            raise Unreadable(f"{self._subscription.name} does not take {event.type}")
        return event, self._handler(event, delivery)

    @override
    def _seconds_of(self, type: str) -> Histogram:
        return self._seconds.get(type, self._others)


def processor_of(subscription: Subscription, handlers: Mapping[str, Handler] | RawHandler, rungs: int) -> Processor:
    """The processor of a subscription: by a handler for each type, or by one raw handler."""
    if isinstance(handlers, Mapping):
        return Processor(subscription, handlers, rungs)
    return RawProcessor(subscription, handlers, rungs)


async def _never(event: Event, payload: object) -> None:
    """Stands for every type in the table of the class above."""
