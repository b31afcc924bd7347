"""Asks each service whether it is ready, for the operator's page. The reasons are at the operators' address of the
service (`ADMIN_ADDRESS`), which is not on the public side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import httpx2

SERVICES = ("registry", "scoring", "notifications")
_TIMEOUT = 2.0  # seconds
_READY, _NOT_READY = 200, 503


class Health(StrEnum):
    """AWAY: it does not answer."""

    READY = "ready"
    NOT_READY = "not-ready"
    AWAY = "away"


@dataclass(frozen=True)
class ServiceState:
    """name: of the service."""

    name: str
    health: Health


class ServiceHealth:
    """address: the name of a service → where it answers."""

    def __init__(self, address: Callable[[str], str]) -> None:
        self._address = address

    async def all(self) -> Sequence[ServiceState]:
        """Every service, asked at once."""
        async with httpx2.AsyncClient(timeout=_TIMEOUT, trust_env=False) as client:
            found = await asyncio.gather(*(self._ask(client, name) for name in SERVICES))
        return [ServiceState(name, health) for name, health in zip(SERVICES, found, strict=True)]

    async def _ask(self, client: httpx2.AsyncClient, name: str) -> Health:
        try:
            answer = await client.get(f"{self._address(name)}/health/ready")
        except (httpx2.HTTPError, httpx2.InvalidURL):
            return Health.AWAY
        if answer.status_code == _READY:
            return Health.READY
        return Health.NOT_READY if answer.status_code == _NOT_READY else Health.AWAY
