"""The routes of notifications over HTTP, on a real store, with one account of each role."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

from shared.auth.policy import Principal, Role
from shared.faults import Unauthenticated
from shared.ports.store import Store
from shared.web.app import service_app
from tests.support.notifications_service import (
    AFTER,
    REGION,
    NotificationsService,
    agency,
    agency_id,
    notifications_service,
    region,
)

DINKES, DINSOS = agency_id("Dinas Kesehatan"), agency_id("Dinas Sosial")
PEOPLE = {
    "agency": Principal("account-a", Role.AGENCY, REGION, frozenset({DINKES})),
    "both": Principal("account-b", Role.AGENCY, REGION, frozenset({DINKES, DINSOS})),
    "elsewhere": Principal("account-w", Role.AGENCY, "61.71", frozenset({DINKES})),
    "curator": Principal("account-c", Role.CURATOR, REGION),
    "stranger": Principal("account-s", Role.CURATOR, "61.71"),
    "executive": Principal("account-e", Role.EXECUTIVE, REGION),
    "operator": Principal("account-o", Role.OPERATOR),
}
"""Token → account. Dinas Kesehatan and Dinas Sosial are agencies of REGION."""

BUDI: dict[str, Any] = {"region": REGION, "agencies": [DINKES], "name": "Budi Santoso", "email": "budi@dinkes.example"}


class RoleGate:
    """A gate whose tokens are the keys of PEOPLE."""

    async def enter(self, token: str) -> Principal:
        if token not in PEOPLE:
            raise Unauthenticated("nobody")
        return PEOPLE[token]


@dataclass
class Api:
    """The service and a client of its routes."""

    service: NotificationsService
    http: httpx2.AsyncClient

    async def request(self, who: str, method: str, path: str, **how: Any) -> httpx2.Response:  # noqa: ANN401 - httpx2's own
        headers = {"Authorization": f"Bearer {who}", **how.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **how)

    async def create_contact(self, key: str = "k", *, by: str = "curator", **more: Any) -> httpx2.Response:  # noqa: ANN401 - fields by name
        return await self.request(by, "POST", "/contacts", json=BUDI | more, headers={"Idempotency-Key": key})

    async def correct(self, made: httpx2.Response, *, by: str = "curator", **more: Any) -> httpx2.Response:  # noqa: ANN401 - fields by name
        """PUT the contact of an earlier answer, with its version."""
        place, tag = f"/contacts/{made.json()['id']}", {"If-Match": made.headers["etag"]}
        return await self.request(by, "PUT", place, json=BUDI | more, headers=tag)

    async def import_table(self, table: str, key: str = "t", *, by: str = "curator") -> httpx2.Response:
        headers = {"Idempotency-Key": key, "Content-Type": "text/csv; charset=utf-8"}
        where = {"region": REGION}
        return await self.request(by, "POST", "/contacts/import", params=where, content=table.encode(), headers=headers)

    async def listed(self, who: str = "curator", **query: str | int | bool) -> list[dict[str, Any]]:
        """The contacts on all pages."""
        page = (await self.request(who, "GET", "/contacts", params=query)).json()
        items: list[dict[str, Any]] = page["items"]
        while page["next"]:
            page = (await self.request(who, "GET", "/contacts", params=query | {"after": page["next"]})).json()
            items += page["items"]
        return items


@asynccontextmanager
async def notifications_api(
    folder: Path, *, at: datetime = AFTER, own_store: Store | None = None
) -> AsyncIterator[Api]:
    """The service knows REGION with Dinas Kesehatan and Dinas Sosial; both owe their innovation. own_store: another
    engine than SQLite, not open yet."""
    async with notifications_service(folder, at=at, own_store=own_store) as service:
        await service.receive(region())
        await service.receive(agency())
        await service.receive(agency("Dinas Sosial"))
        app = service_app("notifications", service.service.router, RoleGate())
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://satu") as http:
            yield Api(service, http)
