"""The topology of the bus as data: a pure function of the subscriptions.

It is committed as `deploy/topology/definitions.json` for review; `shared/adapters/rabbit/provision.py` applies it.
All events between services go through one topic exchange. Retry and parking need no plugin: a *rung* is a fanout
exchange with one queue whose messages expire and dead-letter to `<service>.own`. There the routing key that they were
published with, the name of the failing queue, leads them back to that queue only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.contracts.event_types import CONTRACTS, OPEN_SUBJECTS, types_from
from shared.contracts.subscriptions import SUBSCRIPTIONS, Subscription

EVENTS = "innovation.events"
"""The exchange of all events; routing key = event type."""

SELECTED = "innovation.selected"
"""The headers exchange of other systems. It gets every event, and selects by the headers `type`, `subject`, `region`
and `province` that the relay gives each one."""

RUNGS: tuple[float, ...] = (5.0, 30.0, 300.0, 1800.0, 7200.0)
"""How long a message waits on each rung, in seconds; rung 0 is the first."""

TAIL = "tail"
"""The user of `satu events tail`, and the first part of its queues' names."""

TAIL_LENGTH = 10_000
"""A tail that reads too slowly loses its oldest messages above this number."""

SUBSCRIBER = "subscriber"
"""The first part of the names of other systems' queues and users."""

BOUNDED_LENGTH = 100_000
"""A bounded queue that is not read loses its oldest messages above this number."""

BOUNDED_BYTES = 256 * 1024 * 1024
"""A bounded queue that is not read loses its oldest messages above this size."""

_CONNECTIONS, _CHANNELS = 4, 16  # of another system's user
_DELIVERY_LIMIT = 100  # a subscription's message that was delivered so often without an ack is parked by the broker
_NO_LIMIT = 1_000_000  # of rungs and parked queues, which drop nothing; the default of RabbitMQ 4 is 20
_NOTHING = "^$"

Arguments = Mapping[str, str | int]

DestinationType = Literal["queue", "exchange"]

BindingIdentity = tuple[str, str, str, str, str]
"""Source, type of the destination, destination, routing key, and the arguments as JSON."""


@dataclass(frozen=True)
class Exchange:
    """A durable exchange; type: `topic`, `direct`, `fanout` or `headers`."""

    name: str
    type: str


@dataclass(frozen=True)
class Queue:
    """A durable queue. Its arguments cannot be changed: a changed queue needs a new name, and the old one is
    drained."""

    name: str
    arguments: Arguments


@dataclass(frozen=True)
class Binding:
    """From an exchange to a queue or to another exchange. arguments: of a headers exchange, what it compares."""

    source: str
    destination: str
    key: str
    destination_type: DestinationType = "queue"
    arguments: Arguments = field(default_factory=dict, hash=False)

    @property
    def identity(self) -> BindingIdentity:
        """What makes it another binding."""
        return binding_identity(self.definition())

    def definition(self) -> dict[str, Any]:
        """In RabbitMQ's own definitions format."""
        return {
            "source": self.source,
            "destination": self.destination,
            "destination_type": self.destination_type,
            "routing_key": self.key,
            "arguments": dict(self.arguments),
        }


@dataclass(frozen=True)
class User:
    """A user of the broker with anchored, escaped patterns; topic_*: for routing keys on `innovation.events`. A user
    without a topic record could publish every key, so every user has one. connections, channels: the most that it may
    have open at once; None for no limit."""

    name: str
    configure: str = _NOTHING
    write: str = _NOTHING
    read: str = _NOTHING
    topic_write: str = _NOTHING
    topic_read: str = _NOTHING
    connections: int | None = None
    channels: int | None = None


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
            "bindings": [each.definition() for each in self.bindings],
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


def binding_identity(record: Mapping[str, Any]) -> BindingIdentity:
    """The identity of a binding in RabbitMQ's own format."""
    arguments = json.dumps(dict(record["arguments"]), sort_keys=True)
    source, kind, destination = record["source"], record["destination_type"], record["destination"]
    return source, kind, destination, record["routing_key"], arguments


def topology(
    subscriptions: Iterable[Subscription] = SUBSCRIPTIONS,
    rungs: tuple[float, ...] = RUNGS,
    *,
    tail: bool = True,
    without: Collection[str] = (),
) -> Topology:
    """The whole topology of these subscriptions. rungs: seconds; without: services that get neither a user nor queues;
    what a broker already has of them is left alone. Raises ValueError for a purpose whose queue would take the name of
    another thing."""
    subscriptions = tuple(each for each in subscriptions if each.service not in without)
    exchanges, queues = [Exchange(EVENTS, "topic"), Exchange(SELECTED, "headers")], list[Queue]()
    bindings = [Binding(EVENTS, SELECTED, "#", "exchange")]
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
    publishers = {contract.source for contract in CONTRACTS.values()} - set(without)
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


def subscriber(
    name: str,
    subjects: Iterable[str],
    *,
    region: str | None = None,
    province: str | None = None,
    length: int = BOUNDED_LENGTH,
) -> Topology:
    """What another system gets: a user, and a queue `subscriber.<name>` that is bounded and then drops its oldest, so
    that no outsider can slow down a service. A type that is added to a subject later reaches it by itself.

    name: lower-case letters, digits and hyphens; subjects: kinds of subject (`innovation`); region: of this regional
    government alone; province: of all in this province (`61`); neither for all; length: messages. Raises ValueError
    for another name, no subject, one that is not open to other systems, both region and province, or another form of
    them.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,49}", name):
        raise ValueError(f"{name!r} is not a subscriber's name: lower-case letters, digits and hyphens")
    wanted = sorted(set(subjects))
    if unknown := [each for each in wanted if each not in OPEN_SUBJECTS] or ([] if wanted else ["(none)"]):
        raise ValueError(f"no such subject: {', '.join(unknown)}; there are {', '.join(sorted(OPEN_SUBJECTS))}")
    queue = f"{SUBSCRIBER}.{name}"
    where = _where(region, province)
    return Topology(
        queues=(Queue(queue, {**_bounded(), "x-max-length": length}),),
        bindings=tuple(
            Binding(SELECTED, queue, "", arguments={"x-match": "all", "subject": each, **where}) for each in wanted
        ),
        users=(User(name=queue, read=f"^{re.escape(queue)}$", connections=_CONNECTIONS, channels=_CHANNELS),),
    )


def _where(region: str | None, province: str | None) -> dict[str, str]:
    if region is not None and province is not None:
        raise ValueError("either a region or a province")
    for header, code, form in (("region", region, r"[0-9]{2}(\.[0-9]{2})?"), ("province", province, r"[0-9]{2}")):
        if code is None:
            continue
        if not re.fullmatch(form, code):
            raise ValueError(f"{code!r} is not the code of a {header}")
        return {header: code}
    return {}


def _durable(delivery_limit: int) -> dict[str, str | int]:
    return {"x-queue-type": "quorum", "x-delivery-limit": delivery_limit}


def _dead_letter(service: str) -> dict[str, str | int]:
    # Only these three together never lose a message on the way from one queue to the other.
    return {
        "x-dead-letter-exchange": own(service),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def _bounded() -> dict[str, str | int]:
    # Without a dead letter exchange: what it drops, or could not deliver, is found at its source.
    return {
        **_durable(_DELIVERY_LIMIT),
        "x-max-length": BOUNDED_LENGTH,
        "x-max-length-bytes": BOUNDED_BYTES,
        "x-overflow": "drop-head",
    }


def _subscription(subscription: Subscription) -> Arguments:
    single: dict[str, str | int] = {"x-single-active-consumer": True} if subscription.single_active else {}
    if subscription.rebuilt:
        return {**_bounded(), **single}
    parked = {"x-dead-letter-routing-key": parked_name(subscription.name), **single}
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
