"""Applies the topology over RabbitMQ's management API: exchanges, queues and bindings, then users and permissions.

`apply` may run at any time and at every upgrade: it changes only what differs, and reports it. It never deletes a
queue: a superfluous queue, or a difference that cannot be changed in place, is reported for a person to resolve. It
needs an administrator's account; services never have one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from shared.adapters.rabbit.comparison import (
    ProvisionReport,
    compare,
    limits_of,
    password_matches,
    superfluous_bindings,
)
from shared.adapters.rabbit.management import Management, ManagementApi
from shared.contracts.topology import Topology


async def apply(
    management: Management, wanted: Topology, passwords: Mapping[str, str], *, patience: float = 0.0
) -> ProvisionReport:
    """Make the broker as `wanted`; returns what was changed and what could not be.

    passwords: of all users of `wanted` (else KeyError); patience: seconds to wait for a broker that is starting. Raises
    BusAway when the API does not answer, refuses the administrator or refuses a change.
    """
    missing = [user.name for user in wanted.users if user.name not in passwords]
    if missing:
        raise KeyError(f"no password for {', '.join(missing)}")
    async with ManagementApi(management) as api:
        await api.wait(patience)
        before = await compare(api, wanted, passwords)
        if before.in_place:
            return before
        await _apply_definitions(api, wanted)
        await _apply_users(api, wanted, passwords)
        after = await compare(api, wanted, passwords)
        undone = tuple(f"could not be done: {change}" for change in after.changes)
        return ProvisionReport(before.changes, (*after.faults, *undone))


async def check(
    management: Management, wanted: Topology, passwords: Mapping[str, str] | None = None, *, patience: float = 0.0
) -> ProvisionReport:
    """Report what `apply` would change, without changing anything. passwords: not compared when None. Raises
    BusAway."""
    async with ManagementApi(management) as api:
        await api.wait(patience)
        return await compare(api, wanted, passwords or {})


async def _apply_definitions(api: ManagementApi, wanted: Topology) -> None:
    definitions = wanted.definitions()
    await api.put_vhost()
    await api.send_definitions({key: definitions[key] for key in ("exchanges", "queues", "bindings")})
    for binding in await superfluous_bindings(api, wanted):
        await api.delete(binding.path)


async def _apply_users(api: ManagementApi, wanted: Topology, passwords: Mapping[str, str]) -> None:
    definitions = wanted.definitions()
    for user in wanted.users:
        present = await api.user(user.name)
        if present is None or not password_matches(present, passwords[user.name]):
            await api.put(f"users/{quote(user.name, safe='')}", {"password": passwords[user.name], "tags": ""})
        for limit, value in limits_of(user).items():
            await api.put(f"user-limits/{quote(user.name, safe='')}/{limit}", {"value": value})
    for record in definitions["permissions"]:
        await api.put(f"permissions/{api.vhost}/{quote(record['user'], safe='')}", _without(record, "user"))
    for record in definitions["topic_permissions"]:
        await api.put(f"topic-permissions/{api.vhost}/{quote(record['user'], safe='')}", _without(record, "user"))


def _without(record: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != key}
