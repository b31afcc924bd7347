"""The port to the bus. Adapters: `adapters/sqlite_bus.py`, `adapters/rabbit_bus.py`.

At least once, durable, confirmed. A bus moves bytes and counts attempts; it never reads an event and never runs a
handler
inside `publish`. What becomes of a message is decided by `shared/messaging/verdict.py` and carried out by `shared/messaging/consumer.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from shared.contracts.subscriptions import Subscription


@dataclass(frozen=True)
class Delivery:
    """One message held, unacked.

    routing_key: the event's type when it came from the exchange; the queue's name when it came back by
    `<service>.own`;
    attempt: how many attempts failed before this one (our own header); first_at: machine time of the first failure;
    redelivered: the broker says it was delivered before.
    """

    tag: str
    message_id: str
    routing_key: str
    body: bytes
    attempt: int = 0
    first_at: datetime | None = None
    redelivered: bool = False


@dataclass(frozen=True)
class Parked:
    """One parked message with its original bytes and what is known of its trouble.

    reason: a sentence, or `delivery-limit`; fault: the fault's class name; attempt: how many attempts were made.
    """

    id: str
    body: bytes
    reason: str
    fault: str
    attempt: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True)
class QueueState:
    """What can be known of a queue. ready: messages that wait for a consumer, without those held or on a rung; parked:
    messages parked; oldest: since when (machine time) the oldest message that is ready or held has been in the queue,
    None when unknown or empty."""

    ready: int
    parked: int
    oldest: datetime | None = None


class Receiver(Protocol):
    """One open consumer of one subscription. All methods raise BusAway when the connection is gone: what was held
    comes
    back by itself, and the inbox is to be opened anew."""

    async def take(self) -> Delivery:
        """Wait for the next message. Raises QueueMissing when the queue was deleted."""

    async def ack(self, delivery: Delivery) -> None:
        """Ack."""

    async def retry(self, delivery: Delivery, *, rung: int, counted: bool) -> None:
        """Put it on the rung (a confirmed publish, then ack); counted: attempt + 1."""

    async def park(self, delivery: Delivery, *, reason: str, fault: str) -> None:
        """Put it into the parked queue with its original bytes (a confirmed publish, then ack). The parked message's
        attempt is `delivery.attempt + 1`: the one that failed now counts."""

    async def cancel(self) -> list[Delivery]:
        """Ask the queue for no more, and give what had been delivered and not yet been taken. All that is held stays
        held, and may be acked or moved, until `close`. A `take` that is waiting, or comes later, raises BusAway."""

    async def close(self) -> None:
        """Stop taking. Held messages that were neither acked nor moved come back. May be called again; never raises
        for a connection that is gone."""


class Bus(Protocol):
    """Safe for many coroutines of one loop."""

    async def open(self) -> None:
        """Connect. Raises BusAway; may be called again."""

    async def close(self) -> None:
        """Wait for publishes under way, then disconnect."""

    async def ping(self) -> None:
        """Return when the bus answers. Raises BusAway."""

    async def publish(self, type: str, id: str, body: bytes, *, mandatory: bool) -> None:
        """Return only when the bus has confirmed. Raises BusAway for anything else than a confirm, Unroutable for a
        mandatory message without a queue."""

    async def receive(self, subscription: Subscription, *, prefetch: int) -> Receiver:
        """Begin to consume. Raises QueueMissing, BusAway."""

    async def state(self, subscription: Subscription) -> QueueState:
        """Depths. Raises QueueMissing, BusAway."""

    def parked(self, subscription: Subscription) -> AsyncIterator[Parked]:
        """Look at each parked message once, leaving all in place and in order. `Parked.id` is the message id, which is
        the event's id: copies of one event share it. Raises QueueMissing, BusAway."""

    async def unpark(self, subscription: Subscription, ids: frozenset[str], *, replay: bool) -> int:
        """Walk the parked queue once around; those in `ids` go back to the subscription's queue with attempt 0
        (replay) or
        are dropped (discard). Returns how many."""


@runtime_checkable
class SelfProvisioning(Protocol):
    """A bus whose queues this process may make by itself: the embedded one."""

    async def apply(self, subscriptions: Sequence[Subscription]) -> None:
        """Make the queues and bindings of the catalogue. Raises BusAway."""


@runtime_checkable
class Tailing(Protocol):
    """What a bus adapter offers besides `shared.ports.bus.Bus` so that one can look on."""

    def tail(self) -> AsyncIterator[bytes]:
        """The bytes of every event published from now on, in the order in which the bus took them. Ends only when the
        caller leaves off (`aclose`). A reader that is too slow loses the oldest. Raises BusAway when the bus goes away;
        what passes until it is asked again is not seen."""
