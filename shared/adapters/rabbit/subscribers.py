"""Other systems' queues and users on RabbitMQ, over its management API. RabbitMQ itself is the only record of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from typing_extensions import override

from shared.adapters.rabbit.management import Management, ManagementApi
from shared.adapters.rabbit.provision import apply
from shared.contracts.event_types import OPEN_SUBJECTS
from shared.contracts.topology import SELECTED, SUBSCRIBER, Topology, subscriber
from shared.faults import BusAway, Conflict, Flaw, Misconfigured, NotFound
from shared.ports.subscribers import Subscribers, SubscriberState

_NOTHING = "^$"
_NEARLY = 0.98  # of a queue's bytes: one that drops whole messages seldom holds exactly its limit
_ROUNDS, _SECONDS = 20, 0.25  # how often is looked whether connections are closed, and how long is waited between

Record = Mapping[str, Any]


class RabbitSubscribers(Subscribers):
    """The subscribers of one virtual host."""

    def __init__(self, management: Management) -> None:
        self._management = management

    @override
    async def add(self, wanted: Topology, password: str) -> None:
        (user,) = wanted.users
        name = user.name.removeprefix(f"{SUBSCRIBER}.")
        async with ManagementApi(self._management) as api:
            if await _exists(api, name):
                raise Conflict(
                    f"there is a subscriber {name} already: satu subscriber remove {name}, then add it again"
                )
            if await api.get(f"exchanges/{api.vhost}/{SELECTED}") is None:
                raise Misconfigured([Flaw("broker", "no-topology", "has no topology yet: run `satu topology apply`")])
        report = await apply(self._management, wanted, {user.name: password})
        if report.faults:
            raise BusAway("; ".join(report.faults))

    @override
    async def all(self) -> list[SubscriberState]:
        async with ManagementApi(self._management) as api:
            queues = {each["name"]: each for each in await api.all("queues")}
            readers = {each["user"]: each["read"] for each in await api.all("permissions")}
            bindings = await api.all("bindings")
        names = sorted(each for each in queues.keys() | readers.keys() if each.startswith(f"{SUBSCRIBER}."))
        return [_state(each, queues.get(each), readers.get(each), bindings) for each in names]

    @override
    async def rotate(self, name: str, password: str) -> int:
        async with ManagementApi(self._management) as api:
            await _require(api, name)
            await api.put(f"users/{_user(name)}", {"password": password, "tags": ""})
            return await _close_connections(api, name, "the password was replaced")

    @override
    async def pause(self, name: str) -> int:
        async with ManagementApi(self._management) as api:
            await _require(api, name)
            await _allow(api, name, read=_NOTHING)
            return await _close_connections(api, name, "the subscriber is paused")

    @override
    async def resume(self, name: str) -> None:
        async with ManagementApi(self._management) as api:
            await _require(api, name)
            (user,) = subscriber(name, OPEN_SUBJECTS).users
            await _allow(api, name, read=user.read)

    @override
    async def remove(self, name: str) -> int:
        async with ManagementApi(self._management) as api:
            if not await _exists(api, name):
                raise _unknown(name)
            # The permissions go first: a connection that opens meanwhile finds nothing that it may do.
            await api.delete(f"permissions/{api.vhost}/{_user(name)}")
            closed = await _close_connections(api, name, "the subscriber is removed")
            await api.delete(f"users/{_user(name)}")
            await api.delete(f"queues/{api.vhost}/{_user(name)}")
            return closed


def _user(name: str) -> str:
    """The name of a subscriber's user and queue, as part of a path."""
    return quote(f"{SUBSCRIBER}.{name}", safe="")


async def _exists(api: ManagementApi, name: str) -> bool:
    """Whether any part of the subscriber is there."""
    queue = await api.get(f"queues/{api.vhost}/{_user(name)}")
    return queue is not None or await api.user(f"{SUBSCRIBER}.{name}") is not None


async def _require(api: ManagementApi, name: str) -> None:
    if await api.user(f"{SUBSCRIBER}.{name}") is None:
        raise _unknown(name)


def _unknown(name: str) -> NotFound:
    return NotFound(f"there is no subscriber {name}: satu subscriber list")


async def _allow(api: ManagementApi, name: str, *, read: str) -> None:
    await api.put(f"permissions/{api.vhost}/{_user(name)}", {"configure": _NOTHING, "write": _NOTHING, "read": read})


async def _close_connections(api: ManagementApi, name: str, reason: str) -> int:
    """Close the user's connections, until none is left; how many there were. One that logged in just before may appear
    a moment later, so it is looked once more. Raises BusAway when some stay open."""
    path, closed, quiet = f"connections/username/{_user(name)}", set[str](), 0
    for _ in range(_ROUNDS):
        open_ones = {each["name"] for each in await api.listed(path)}
        closed |= open_ones
        quiet = 0 if open_ones else quiet + 1
        if quiet > 1:
            return len(closed)
        if open_ones:
            await api.delete(path, reason=reason)
        await asyncio.sleep(_SECONDS)
    raise BusAway(f"connections of {SUBSCRIBER}.{name} are still open: run the command again")


def _state(name: str, queue: Record | None, read: str | None, bindings: Iterable[Record]) -> SubscriberState:
    selected = [
        each["arguments"]
        for each in bindings
        if each["source"] == SELECTED and each["destination_type"] == "queue" and each["destination"] == name
    ]
    there = queue or {}
    return SubscriberState(
        name=name.removeprefix(f"{SUBSCRIBER}."),
        subjects=tuple(sorted(str(each.get("subject", "")) for each in selected)),
        region=next((str(each["region"]) for each in selected if "region" in each), ""),
        province=next((str(each["province"]) for each in selected if "province" in each), ""),
        ready=int(there.get("messages_ready", 0)),
        unacked=int(there.get("messages_unacknowledged", 0)),
        consumers=int(there.get("consumers", 0)),
        full=_is_full(there),
        paused=read == _NOTHING,
        incomplete=queue is None or read is None,
    )


def _is_full(queue: Record) -> bool:
    limits = queue.get("arguments", {})
    most, size = limits.get("x-max-length"), limits.get("x-max-length-bytes")
    length, held = queue.get("messages_ready", 0), queue.get("message_bytes_ready", 0)
    return bool((most and length >= most) or (size and held >= size * _NEARLY))
