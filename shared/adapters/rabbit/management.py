"""A client of RabbitMQ's management API: the calls that provisioning needs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote

import httpx2

from shared.clock import machine_seconds
from shared.faults import BusAway

_SECONDS = 10.0


@dataclass(frozen=True)
class Management:
    """The address and account of a broker's management API. url: without a path (`http://rabbitmq:15672`); user,
    password: of an administrator; vhost: the virtual host of the topology."""

    url: str
    user: str
    password: str = field(repr=False)
    vhost: str = "/"


class ManagementApi:
    """The management API within one virtual host. All methods raise BusAway when it does not answer or refuses."""

    def __init__(self, management: Management) -> None:
        self.name = management.vhost
        self.vhost = quote(management.vhost, safe="")
        self._administrator = management.user
        self._http = httpx2.AsyncClient(
            base_url=f"{management.url.rstrip('/')}/api/",
            auth=(management.user, management.password),
            timeout=_SECONDS,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def wait(self, patience: float) -> None:
        """Return when the API answers. Raises BusAway after `patience` seconds."""
        until = machine_seconds() + patience
        while True:
            try:
                await self._call("GET", "overview")
            except BusAway:
                if machine_seconds() >= until:
                    raise
                await asyncio.sleep(0.5)
            else:
                return

    async def has_vhost(self) -> bool:
        """Whether the virtual host exists."""
        return await self.get(f"vhosts/{self.vhost}") is not None

    async def put_vhost(self) -> None:
        """Create the virtual host if it is missing, and let the administrator declare in it."""
        if not await self.has_vhost():
            await self.put(f"vhosts/{self.vhost}", {})
        path = f"permissions/{self.vhost}/{quote(self._administrator, safe='')}"
        if await self.get(path) is None:
            await self.put(path, {"configure": ".*", "write": ".*", "read": ".*"})

    async def all(self, kind: str) -> list[dict[str, Any]]:
        """All objects of a kind (`queues`, `bindings`, `permissions`, …) in the virtual host; none without the host."""
        plain = f"{kind}/{self.vhost}"
        paths = {"permissions": f"vhosts/{self.vhost}/permissions"}
        paths["topic-permissions"] = f"vhosts/{self.vhost}/topic-permissions"
        answer = await self._call("GET", paths.get(kind, plain), allow_missing=True)
        return [] if answer is None else list(answer.json())

    async def user(self, name: str) -> dict[str, Any] | None:
        """A user of the broker; None when there is none of that name."""
        return await self.get(f"users/{quote(name, safe='')}")

    async def user_limits(self, name: str) -> dict[str, int]:
        """The limits of a user, `max-connections` and `max-channels`; none for a user without."""
        answer = await self._call("GET", f"user-limits/{quote(name, safe='')}", allow_missing=True)
        records = [] if answer is None else answer.json()
        return {limit: value for record in records for limit, value in record["value"].items()}

    async def get(self, path: str) -> dict[str, Any] | None:
        """One object; None when it does not exist."""
        answer = await self._call("GET", path, allow_missing=True)
        return None if answer is None else dict(answer.json())

    async def listed(self, path: str) -> list[dict[str, Any]]:
        """A list of objects; empty when there is nothing at this path."""
        answer = await self._call("GET", path, allow_missing=True)
        return [] if answer is None else list(answer.json())

    async def put(self, path: str, body: Mapping[str, Any]) -> None:
        """Create or replace one object."""
        await self._call("PUT", path, body)

    async def delete(self, path: str, *, reason: str = "") -> None:
        """Delete one object, if it exists. reason: what the clients of deleted connections are told."""
        await self._call("DELETE", path, allow_missing=True, headers={"X-Reason": reason} if reason else None)

    async def send_definitions(self, body: Mapping[str, Any]) -> None:
        """Import exchanges, queues and bindings into the virtual host."""
        await self._call("POST", f"definitions/{self.vhost}", body)

    async def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        allow_missing: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response | None:
        try:
            answer = await self._http.request(method, path, json=body, headers=headers)
        except httpx2.HTTPError as error:
            raise BusAway(f"the management API does not answer: {type(error).__name__}") from error
        if allow_missing and answer.status_code == httpx2.codes.NOT_FOUND:
            return None
        if answer.status_code in {httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN}:
            raise BusAway(f"the management API refuses the administrator {self._administrator!r}")
        if answer.is_error:
            raise BusAway(f"the management API refuses {method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer
