"""The topology of the bus as data: a pure function of the subscriptions.

It is committed as `deploy/topology/definitions.json` for review; `shared/adapters/rabbit/provision.py` applies it.
All events between services go through one topic exchange. Retry and parking need no plugin: a *rung* is a fanout
exchange with one queue whose messages expire and dead-letter to `<service>.own`. There the routing key that they were
published with, the name of the failing queue, leads them back to that queue only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.contracts.event_types import CONTRACTS, types_from
from shared.contracts.subscriptions import SUBSCRIPTIONS, Subscription

EVENTS = "innovation.events"
"""The exchange of all events; routing key = event type."""

RUNGS: tuple[float, ...] = (5.0, 30.0, 300.0, 1800.0, 7200.0)
"""How long a message waits on each rung, in seconds; rung 0 is the first."""

TAIL = "tail"
"""The user of `satu events tail`, and the first part of its queues' names."""

TAIL_LENGTH = 10_000
"""A tail that reads too slowly loses its oldest messages above this number."""

SUBSCRIBER_LENGTH = 100_000
"""A foreign subscriber that does not read loses its oldest messages above this number."""

_DELIVERY_LIMIT = 100  # a subscription's message that was delivered so often without an ack is parked by the broker
_NO_LIMIT = 1_000_000  # of rungs and parked queues, which drop nothing; the default of RabbitMQ 4 is 20
_NOTHING = "^$"

Arguments = Mapping[str, str | int]


@dataclass(frozen=True)
class Exchange:
    """A durable exchange; type: `topic`, `direct` or `fanout`."""

    name: str
    type: str


@dataclass(frozen=True)
class Queue:
    """A durable queue. Its arguments cannot be changed: a changed queue needs a new name, and the old one is
    drained."""

    name: str
    arguments: Arguments


@dataclass(frozen=True, order=True)
class Binding:
    """From an exchange to a queue."""

    source: str
    queue: str
    key: str


@dataclass(frozen=True)
class User:
    """A user of the broker with anchored, escaped patterns; topic_*: for routing keys on `innovation.events`. A user
    without a topic record could publish every key, so every user has one."""

    name: str
    configure: str = _NOTHING
    write: str = _NOTHING
    read: str = _NOTHING
    topic_write: str = _NOTHING
    topic_read: str = _NOTHING


@dataclass(frozen=True)
class Topology:
    """What the broker must have before a service starts."""

    exchanges: tuple[Exchange, ...] = ()
    queues: tuple[Queue, ...] = ()
    bindings: tuple[Binding, ...] = ()
    users: tuple[User, ...] = field(default=())

    def definitions(self) -> dict[str, list[dict[str, Any]]]:
        """RabbitMQ's own definitions format for one virtual host, without users and passwords. `exchanges`, `queues`
        and `bindings` may be imported as they are, `permissions` only when their users exist."""
        return {
            "exchanges": [
                {"name": e.name, "type": e.type, "durable": True, "auto_delete": False, "internal": False}
                | {"arguments": {}}
                for e in self.exchanges
            ],
            "queues": [
                {"name": q.name, "durable": True, "auto_delete": False, "arguments": dict(q.arguments)}
                for q in self.queues
            ],
            "bindings": [
                {"source": b.source, "destination": b.queue, "destination_type": "queue", "routing_key": b.key}
                | {"arguments": {}}
                for b in self.bindings
            ],
            "permissions": [
                {"user": u.name, "configure": u.configure, "write": u.write, "read": u.read} for u in self.users
            ],
            "topic_permissions": [
                {"user": u.name, "exchange": EVENTS, "write": u.topic_write, "read": u.topic_read} for u in self.users
            ],
        }

    def document(self) -> str:
        """The definitions as text, the same for the same topology."""
        return json.dumps(self.definitions(), indent=2, ensure_ascii=False) + "\n"


def own(service: str) -> str:
    """The direct exchange that routes back into a service's own queues."""
    return f"{service}.own"


def rung_name(service: str, rung: int) -> str:
    """The fanout exchange of a rung (0 is the first), and its queue."""
    return f"{service}.retry.{rung}"


def parked_name(queue: str) -> str:
    """The queue of the parked messages of a queue."""
    return f"{queue}.parked"


def topology(
    subscriptions: Iterable[Subscription] = SUBSCRIPTIONS, rungs: tuple[float, ...] = RUNGS, *, tail: bool = True
) -> Topology:
    """The whole topology of these subscriptions. rungs: seconds. Raises ValueError for a purpose whose queue would
    take the name of another thing."""
    subscriptions = tuple(subscriptions)
    exchanges, queues, bindings = [Exchange(EVENTS, "topic")], list[Queue](), list[Binding]()
    for service in sorted({each.service for each in subscriptions}):
        exchanges.append(Exchange(own(service), "direct"))
        for number, seconds in enumerate(rungs):
            name = rung_name(service, number)
            exchanges.append(Exchange(name, "fanout"))
            queues.append(Queue(name, _rung(service, seconds)))
            bindings.append(Binding(name, name, ""))
    for each in subscriptions:
        _check(each)
        parked = parked_name(each.name)
        queues += [Queue(each.name, _subscription(each)), Queue(parked, _durable(_NO_LIMIT))]
        bindings += [Binding(EVENTS, each.name, type) for type in sorted(each.types)]
        bindings += [Binding(own(each.service), name, name) for name in (each.name, parked)]
    publishers = {contract.source for contract in CONTRACTS.values()}
    users = [service_user(name) for name in sorted(publishers | {each.service for each in subscriptions})]
    return Topology(tuple(exchanges), tuple(queues), tuple(bindings), (*users, *([tail_user()] if tail else [])))


def service_user(service: str) -> User:
    """A service may publish its own types, move messages among its own queues and read them; it may declare nothing."""
    mine = rf"{re.escape(service)}\..+"
    return User(
        name=service,
        write=_one_of([re.escape(EVENTS), mine]),
        read=f"^{mine}$",
        topic_write=_one_of(re.escape(type) for type in sorted(types_from(service))),
    )


def tail_user() -> User:
    """The user of tails: it may declare queues of its own and bind them to the events, nothing else."""
    mine = rf"{TAIL}\..+"
    return User(
        name=TAIL,
        configure=f"^{mine}$",
        write=f"^{mine}$",
        read=_one_of([re.escape(EVENTS), mine]),
        topic_read="^.+$",
    )


def subscriber(name: str, types: Iterable[str], *, length: int = SUBSCRIBER_LENGTH) -> Topology:
    """What another system gets: a user and a queue `subscriber.<name>` that holds at most `length` messages and then
    drops its oldest, so that no outsider can slow down a service. name: lower-case letters, digits and hyphens. Raises
    ValueError for another name, no type or an unknown type."""
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise ValueError(f"{name!r} is not a subscriber's name: lower-case letters, digits and hyphens")
    wanted = sorted(set(types))
    if unknown := [type for type in wanted if type not in CONTRACTS] or ([] if wanted else ["(none)"]):
        raise ValueError(f"no such type of event: {', '.join(unknown)}")
    queue = f"subscriber.{name}"
    return Topology(
        queues=(Queue(queue, {**_durable(_NO_LIMIT), "x-max-length": length, "x-overflow": "drop-head"}),),
        bindings=tuple(Binding(EVENTS, queue, type) for type in wanted),
        users=(User(name=queue, read=f"^{re.escape(queue)}$"),),
    )


def _durable(delivery_limit: int) -> dict[str, str | int]:
    return {"x-queue-type": "quorum", "x-delivery-limit": delivery_limit}


def _dead_letter(service: str) -> dict[str, str | int]:
    # Only these three together never lose a message on the way from one queue to the other.
    return {
        "x-dead-letter-exchange": own(service),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def _subscription(subscription: Subscription) -> Arguments:
    parked = {"x-dead-letter-routing-key": parked_name(subscription.name)}
    return {**_durable(_DELIVERY_LIMIT), **_dead_letter(subscription.service), **parked}


def _rung(service: str, seconds: float) -> Arguments:
    return {**_durable(_NO_LIMIT), **_dead_letter(service), "x-message-ttl": round(seconds * 1000)}


def _one_of(patterns: Iterable[str]) -> str:
    alternatives = "|".join(patterns)
    return f"^({alternatives})$" if alternatives else _NOTHING


def _check(subscription: Subscription) -> None:
    taken = subscription.purpose == "own" or subscription.purpose.startswith("retry.")
    if taken or subscription.purpose.endswith(".parked"):
        raise ValueError(f"{subscription.name} is the name of another part of the topology")
