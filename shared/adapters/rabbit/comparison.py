"""Compares a broker with the topology that it should have, over RabbitMQ's management API."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from shared.adapters.rabbit.management import ManagementApi
from shared.contracts.topology import Topology, User, binding_identity

_HASHES = {"rabbit_password_hashing_sha256": "sha256", "rabbit_password_hashing_sha512": "sha512"}
_SALT = 4  # bytes before the digest, RabbitMQ's password guide


@dataclass(frozen=True)
class ProvisionReport:
    """The result of `apply` or `check`. changes: what is to be changed or was changed; faults: what a person must
    resolve; a sentence each."""

    changes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def in_place(self) -> bool:
        """Whether nothing differs."""
        return not self.changes and not self.faults


@dataclass(frozen=True)
class SuperfluousBinding:
    """A binding to delete. name: for people; path: in the management API."""

    name: str
    path: str


async def compare(api: ManagementApi, wanted: Topology, passwords: Mapping[str, str]) -> ProvisionReport:
    """The differences between the broker and `wanted`. passwords: by user; those that are absent are not compared.
    Raises BusAway."""
    changes: list[str] = [] if await api.has_vhost() else [f"virtual host {api.name}"]
    faults: list[str] = []
    definitions = wanted.definitions()
    for kind in ("exchanges", "queues"):
        found = _compare_objects(kind[:-1], definitions[kind], await api.all(kind), wanted)
        changes += found.changes
        faults += found.faults
    present = {binding_identity(each) for each in await api.all("bindings")}
    missing = {binding_identity(each): each for each in definitions["bindings"]}.items()
    changes += [f"binding {_described(each)}" for identity, each in sorted(missing) if identity not in present]
    changes += [f"no binding {binding.name} any more" for binding in await superfluous_bindings(api, wanted)]
    changes += await _compare_users(api, wanted, passwords)
    return ProvisionReport(tuple(changes), tuple(faults))


async def superfluous_bindings(api: ManagementApi, wanted: Topology) -> list[SuperfluousBinding]:
    """Bindings to the topology's queues and exchanges that it does not name: they would bring events that the consumer
    does not know. Those to queues of other systems are none of the topology's."""
    named = {each.identity for each in wanted.bindings}
    ours = {("queue", each.name) for each in wanted.queues} | {("exchange", each.name) for each in wanted.exchanges}
    return [
        SuperfluousBinding(
            _described(each),
            f"bindings/{api.vhost}/e/{quote(each['source'], safe='')}/{each['destination_type'][0]}"
            f"/{quote(each['destination'], safe='')}/{quote(each['properties_key'], safe='')}",
        )
        for each in await api.all("bindings")
        if each["source"]
        and (each["destination_type"], each["destination"]) in ours
        and binding_identity(each) not in named
    ]


def limits_of(user: User) -> dict[str, int]:
    """The limits that a user should have, under RabbitMQ's names."""
    wanted = {"max-connections": user.connections, "max-channels": user.channels}
    return {name: value for name, value in wanted.items() if value is not None}


def password_matches(user: Mapping[str, Any], password: str) -> bool:
    """Whether the broker's salted hash is of this password; False for an unknown hash algorithm."""
    algorithm = _HASHES.get(user.get("hashing_algorithm", ""))
    if algorithm is None:
        return False
    stored = base64.b64decode(user.get("password_hash") or "")
    digest = hashlib.new(algorithm, stored[:_SALT] + password.encode()).digest()
    return hmac.compare_digest(stored[_SALT:], digest)


def _compare_objects(
    noun: str, definitions: list[dict[str, Any]], found: list[dict[str, Any]], wanted: Topology
) -> ProvisionReport:
    """Compare exchanges or queues by their names."""
    changes: list[str] = []
    faults: list[str] = []
    present = {each["name"]: each for each in found}
    for each in definitions:
        there = present.get(each["name"])
        if there is None:
            changes.append(f"{noun} {each['name']}")
        elif differing := [key for key in each if each[key] != there.get(key)]:
            faults.append(
                f"{noun} {each['name']} has other {', '.join(differing)} than it should: they cannot be changed in "
                "place; give it a new name, drain the old one and delete it"
            )
    names = {each["name"] for each in definitions}
    faults += [
        f"{noun} {name} is left over: when it is empty and unused, delete it"
        for name in sorted(present)
        if _is_of_a_service(name, wanted) and name not in names
    ]
    return ProvisionReport(tuple(changes), tuple(faults))


async def _compare_users(api: ManagementApi, wanted: Topology, passwords: Mapping[str, str]) -> list[str]:
    changes: list[str] = []
    permissions = {each["user"]: each for each in await api.all("permissions")}
    topics = {(each["user"], each["exchange"]): each for each in await api.all("topic-permissions")}
    definitions = wanted.definitions()
    for user in wanted.users:
        present = await api.user(user.name)
        if present is None:
            changes.append(f"user {user.name}")
        elif user.name in passwords and not password_matches(present, passwords[user.name]):
            changes.append(f"password of {user.name}")
        if limits_of(user) and await api.user_limits(user.name) != limits_of(user):
            changes.append(f"limits of {user.name}")
    changes += [
        f"permissions of {record['user']}"
        for record in definitions["permissions"]
        if not _contains(permissions.get(record["user"]), record)
    ]
    changes += [
        f"topic permissions of {record['user']}"
        for record in definitions["topic_permissions"]
        if not _contains(topics.get((record["user"], record["exchange"])), record)
    ]
    return changes


def _is_of_a_service(name: str, wanted: Topology) -> bool:
    """Whether the first part of this name is a service of the topology."""
    return name.partition(".")[0] in {
        exchange.name.removesuffix(".own") for exchange in wanted.exchanges if exchange.name.endswith(".own")
    }


def _described(binding: Mapping[str, Any]) -> str:
    compared = {name: value for name, value in sorted(binding["arguments"].items()) if not name.startswith("x-")}
    what = ", ".join(f"{name} {value}" for name, value in compared.items()) or binding["routing_key"] or "all"
    return f"{binding['source']} → {binding['destination']} ({what})"


def _contains(present: Mapping[str, Any] | None, record: Mapping[str, Any]) -> bool:
    return present is not None and all(present.get(key) == value for key, value in record.items())
