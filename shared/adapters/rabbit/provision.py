"""Puts the topology in place over RabbitMQ's management API: definitions, then users with their patterns.

`apply` may run at any time and at every upgrade: it changes only what differs and says what. It never deletes a queue:
what is left over, or cannot be changed in place, is a fault for a person to see to. What it needs is an administrator's
account; services never have one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from shared.adapters.rabbit.management import Management, _Api
from shared.contracts.topology import Topology

_HASHES = {"rabbit_password_hashing_sha256": "sha256", "rabbit_password_hashing_sha512": "sha512"}
_SALT = 4  # bytes before the digest, RabbitMQ's password guide


@dataclass(frozen=True)
class ProvisionReport:
    """What was done (`apply`) or is to be done (`check`), and what a person must see to; a sentence each."""

    changes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def in_place(self) -> bool:
        """Nothing differs."""
        return not self.changes and not self.faults


async def apply(
    management: Management, wanted: Topology, passwords: Mapping[str, str], *, patience: float = 0.0
) -> ProvisionReport:
    """Make the broker as `wanted`. passwords: by the users of `wanted`, which must all be there (KeyError); patience:
    seconds to wait for a broker that is still starting. Raises BusAway when the API does not answer, refuses the
    administrator or refuses a change."""
    missing = [user.name for user in wanted.users if user.name not in passwords]
    if missing:
        raise KeyError(f"no password for {', '.join(missing)}")
    async with _Api(management) as api:
        await api.wait(patience)
        report = await _compare(api, wanted, passwords)
        if report.in_place:
            return report
        definitions = wanted.definitions()
        await api.put_vhost()
        await api.send_definitions({key: definitions[key] for key in ("exchanges", "queues", "bindings")})
        for stale in await _stale_bindings(api, wanted):
            await api.delete(stale.path)
        for user in wanted.users:
            if not await _password_holds(api, user.name, passwords[user.name]):
                await api.put(f"users/{quote(user.name, safe='')}", {"password": passwords[user.name], "tags": ""})
        for record in definitions["permissions"]:
            await api.put(f"permissions/{api.vhost}/{quote(record['user'], safe='')}", _without(record, "user"))
        for record in definitions["topic_permissions"]:
            await api.put(f"topic-permissions/{api.vhost}/{quote(record['user'], safe='')}", _without(record, "user"))
        left = await _compare(api, wanted, passwords)
        undone = tuple(f"could not be done: {change}" for change in left.changes)
        return ProvisionReport(report.changes, (*left.faults, *undone))


async def check(
    management: Management, wanted: Topology, passwords: Mapping[str, str] | None = None, *, patience: float = 0.0
) -> ProvisionReport:
    """Say what `apply` would do, and do nothing. passwords: None to leave them uncompared. Raises BusAway."""
    async with _Api(management) as api:
        await api.wait(patience)
        return await _compare(api, wanted, passwords or {})


# --- What differs ---


async def _compare(api: _Api, wanted: Topology, passwords: Mapping[str, str]) -> ProvisionReport:
    changes: list[str] = []
    faults: list[str] = []
    if not await api.has_vhost():
        changes.append(f"virtual host {api.name}")
    definitions = wanted.definitions()
    for kind in ("exchanges", "queues"):
        present = {each["name"]: each for each in await api.all(kind)}
        for each in definitions[kind]:
            there = present.get(each["name"])
            if there is None:
                changes.append(f"{kind[:-1]} {each['name']}")
            elif differing := [key for key in each if each[key] != there.get(key)]:
                faults.append(
                    f"{kind[:-1]} {each['name']} has other {', '.join(differing)} than it should: they cannot be "
                    "changed in place; give it a new name, drain the old one and delete it"
                )
        faults += [
            f"{kind[:-1]} {name} is left over: when it is empty and unused, delete it"
            for name in sorted(present)
            if _ours(name, wanted) and name not in {each["name"] for each in definitions[kind]}
        ]
    bindings = {_binding(each) for each in await api.all("bindings")}
    changes += [
        f"binding {source} → {queue} ({key or 'all'})"
        for source, queue, key in sorted({_binding(each) for each in definitions["bindings"]} - bindings)
    ]
    changes += [f"no binding {stale.name} any more" for stale in await _stale_bindings(api, wanted)]
    changes += await _users(api, wanted, passwords)
    return ProvisionReport(tuple(changes), tuple(faults))


async def _users(api: _Api, wanted: Topology, passwords: Mapping[str, str]) -> list[str]:
    changes: list[str] = []
    permissions = {each["user"]: each for each in await api.all("permissions")}
    topics = {(each["user"], each["exchange"]): each for each in await api.all("topic-permissions")}
    definitions = wanted.definitions()
    for user in wanted.users:
        known = await api.get(f"users/{quote(user.name, safe='')}")
        if known is None:
            changes.append(f"user {user.name}")
        elif user.name in passwords and not _holds(known, passwords[user.name]):
            changes.append(f"password of {user.name}")
    changes += [
        f"permissions of {record['user']}"
        for record in definitions["permissions"]
        if not _within(record, permissions.get(record["user"]))
    ]
    changes += [
        f"topic permissions of {record['user']}"
        for record in definitions["topic_permissions"]
        if not _within(record, topics.get((record["user"], record["exchange"])))
    ]
    return changes


@dataclass(frozen=True)
class _Stale:
    name: str
    path: str


async def _stale_bindings(api: _Api, wanted: Topology) -> list[_Stale]:
    """Bindings of our queues that the topology no longer names: they would bring what nobody there understands."""
    named = {_binding(each) for each in wanted.definitions()["bindings"]}
    queues = {queue.name for queue in wanted.queues}
    return [
        _Stale(
            f"{each['source']} → {each['destination']} ({each['routing_key'] or 'all'})",
            f"bindings/{api.vhost}/e/{quote(each['source'], safe='')}/q/{quote(each['destination'], safe='')}"
            f"/{quote(each['properties_key'], safe='')}",
        )
        for each in await api.all("bindings")
        if each["source"] and each["destination"] in queues and _binding(each) not in named
    ]


async def _password_holds(api: _Api, user: str, password: str) -> bool:
    known = await api.get(f"users/{quote(user, safe='')}")
    return known is not None and _holds(known, password)


def _holds(user: Mapping[str, Any], password: str) -> bool:
    """Does the broker's salted hash fit? A hash of another kind does not."""
    algorithm = _HASHES.get(user.get("hashing_algorithm", ""))
    if algorithm is None:
        return False
    stored = base64.b64decode(user.get("password_hash") or "")
    digest = hashlib.new(algorithm, stored[:_SALT] + password.encode()).digest()
    return hmac.compare_digest(stored[_SALT:], digest)


def _ours(name: str, wanted: Topology) -> bool:
    """Does this name lie in the space of a service of the topology?"""
    return name.partition(".")[0] in {
        exchange.name.removesuffix(".own") for exchange in wanted.exchanges if exchange.name.endswith(".own")
    }


def _binding(record: Mapping[str, Any]) -> tuple[str, str, str]:
    return record["source"], record["destination"], record["routing_key"]


def _within(record: Mapping[str, Any], present: Mapping[str, Any] | None) -> bool:
    return present is not None and all(present.get(key) == value for key, value in record.items())


def _without(record: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != key}


# --- The API ---
