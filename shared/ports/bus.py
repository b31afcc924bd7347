"""The port to the bus. Adapters: `shared/adapters/sqlite/bus.py`, `shared/adapters/rabbit/bus.py`.

At least once, durable, confirmed. A bus moves bytes and counts attempts; it never reads an event and never runs a
handler inside `publish`. `shared/messaging/verdict.py` decides what becomes of a message, and
`shared/messaging/consumer.py` carries it out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from shared.contracts.subscriptions import Subscription
from shared.faults import BusAway, Refused, Unroutable


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event to publish. region: by which a broker selects for other systems; body: its bytes; mandatory: whether it
    is a fault when no queue takes its type."""

    type: str
    id: str
    region: str
    body: bytes
    mandatory: bool = True


Fate = BusAway | Unroutable | Refused | None
"""What became of one published event: None when the bus has confirmed it, else the fault, as `Bus.publish` says."""


@dataclass(frozen=True)
class Delivery:
    """One unacked message that a consumer holds.

    routing_key: the event's type when it came from the exchange; the queue's name when it came back by
    `<service>.own`; attempt: how many attempts failed before this one (our own header); first_at: machine time of the
    first failure; redelivered: a consumer may have had it before, for one of these reasons: the bus says so, it came
    back from a rung (also of a pause), or it was replayed.
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
    """One parked message with its original bytes and why it was parked.

    reason: a sentence, or `delivery-limit`; fault: the fault's class name; attempt: how many attempts were made;
    first_at, last_at: machine time of the first and of the last failure.
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
    """The depths of a queue. ready: messages that wait for a consumer, without those held or on a rung; parked:
    messages parked; oldest: since when (machine time) the oldest ready message has been in the queue, None when unknown
    or empty; held: messages that consumers of this process hold, None when unknown; full: of a bounded queue, whether
    it has been dropping its oldest messages; dropped: how many it has dropped since it exists, None when unknown."""

    ready: int
    parked: int
    oldest: datetime | None = None
    held: int | None = None
    full: bool = False
    dropped: int | None = None


class Receiver(Protocol):
    """One open consumer of one subscription. All methods raise BusAway when the connection is gone: what was held then
    comes back by itself, and a new receiver is needed. A message is moved (acked, retried or parked) once; a move that
    raised BusAway may still be carried out."""

    async def take(self) -> Delivery:
        """Wait for the next message; many may wait at once. Cancelled, it has taken none. Raises QueueMissing when the
        queue was deleted."""

    async def ack(self, delivery: Delivery) -> None:
        """Remove it from the queue."""

    async def retry(self, delivery: Delivery, *, rung: int, counted: bool) -> None:
        """Put it on the rung (a confirmed publish, then ack); counted: attempt + 1."""

    async def park(self, delivery: Delivery, *, reason: str, fault: str) -> None:
        """Put it into the parked queue with its original bytes (a confirmed publish, then ack). The parked message's
        attempt is `delivery.attempt + 1`: the one that failed now counts."""

    async def cancel(self) -> list[Delivery]:
        """Ask the queue for no more, and return what was delivered and not yet taken. All that is held stays held, and
        may be moved, until `close`. A `take` that is waiting, or comes later, raises BusAway."""

    async def close(self) -> None:
        """Stop taking. Held messages that were not moved come back. May be called again; never raises for a connection
        that is gone."""


class Bus(Protocol):
    """Safe for many coroutines of one loop."""

    async def open(self) -> None:
        """Connect. Raises BusAway; may be called again."""

    async def close(self) -> None:
        """Wait for publishes under way, then disconnect."""

    async def ping(self) -> None:
        """Return when the bus answers. Raises BusAway."""

    async def publish(self, type: str, id: str, region: str, body: bytes, *, mandatory: bool) -> None:
        """Return only when the bus has confirmed; the arguments: see `Outgoing`. Raises Unroutable for a mandatory
        message without a queue; Refused when the broker refuses this message for good (a missing right, too large),
        which says nothing about others; BusAway for anything else than a confirm, as Unconfirmed when the connection
        seems to be up."""

    async def publish_many(self, events: Sequence[Outgoing]) -> list[Fate]:
        """As `publish` for each of them, with one wait for all; the fate of each, in their order. They are published in
        this order, except those that are refused."""

    async def receive(self, subscription: Subscription, *, prefetch: int) -> Receiver:
        """Begin to consume; prefetch: the most messages held at once. Raises QueueMissing, BusAway."""

    async def state(self, subscription: Subscription) -> QueueState:
        """The depths of its queue. Raises QueueMissing, BusAway."""

    def parked(self, subscription: Subscription) -> AsyncIterator[Parked]:
        """Iterate over the parked messages once, leaving all in place and in order. `Parked.id` is the message id,
        which is the event's id: copies of one event share it. Raises QueueMissing, BusAway."""

    async def unpark(
        self,
        subscription: Subscription,
        ids: frozenset[str],
        *,
        replay: bool,
        progress: Callable[[int], None] = lambda _: None,
    ) -> int:
        """Move the parked messages in `ids` back to the subscription's queue with attempt 0 (replay), or drop them
        (discard); the others stay in order. Returns how many; progress: called with how many so far. It costs one pass,
        however many they are, and holds nobody else up. Raises QueueMissing, BusAway: what was moved stays moved."""


@runtime_checkable
class SelfProvisioning(Protocol):
    """A bus whose queues this process may create by itself: the embedded one."""

    async def apply(self, subscriptions: Sequence[Subscription]) -> None:
        """Create the queues and bindings of the catalogue. Raises BusAway."""

    async def empty(self, subscriptions: Sequence[Subscription]) -> None:
        """Drop every message to these subscriptions: ready, resting and parked ones. Nobody receives meanwhile. Raises
        BusAway."""


@runtime_checkable
class Tailing(Protocol):
    """A bus on which all events can be watched without taking anybody's messages."""

    def tail(self) -> AsyncIterator[bytes]:
        """The bytes of every event published from now on, in the order in which the bus took them. Ends only when the
        caller closes it (`aclose`). A reader that is too slow loses the oldest. Raises BusAway when the bus goes away;
        events published until a new tail begins are not seen."""
