"""Runs the registry in a test: its real HTTP layer on the embedded store, with fixed words as tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx2
from fastapi import FastAPI

from services.registry.main import compose
from services.registry.settings import RegistrySettings
from shared.adapters.folder import FolderFiles
from shared.adapters.sqlite.store import SqliteStore
from shared.auth.policy import Principal, Role
from shared.clock import Clock
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.contracts.event_types import decode_event
from shared.faults import Unauthenticated
from shared.ports.bus import Bus
from shared.ports.store import AUDIT, Store
from shared.runtime.service import Resources
from shared.settings import Settings
from shared.web.app import service_app
from tests.support.registry_samples import valid_evidence, valid_profile

REGION = "61.12"
TERMS: dict[str, Any] = {
    "name": "Kabupaten Kubu Raya",
    "zone": "Asia/Pontianak",
    "catalogue": "2026.1",
    "policy": {"obliged_kinds": ["dinas"], "minimum": 1, "counts_when": "submitted", "community_counts": True},
}


class FixedTokens:
    """A gate with the tokens `operator`, `curator`, `curator-71`, `executive`, and `agency:<id>[,<id>]`."""

    async def enter(self, token: str) -> Principal:
        """The principal of that token."""
        word, _, agencies = token.partition(":")
        match word:
            case "operator":
                return Principal("account-operator", Role.OPERATOR)
            case "curator" | "executive":
                return Principal(f"account-{word}", Role(word), REGION)
            case "curator-71":
                return Principal("account-curator-71", Role.CURATOR, "61.71")
            case "agency":
                return Principal(f"account-{agencies[:8]}", Role.AGENCY, REGION, frozenset(agencies.split(",")))
        raise Unauthenticated("Token tidak berlaku.")


@dataclass
class Caller:
    """Sends requests as one account and returns the answers unchecked."""

    client: httpx2.AsyncClient
    token: str | None

    async def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        tag: str | None = None,
        key: str | None = None,
        **more: Any,  # noqa: ANN401 - httpx2's own options
    ) -> httpx2.Response:
        headers = dict(more.pop("headers", {}))
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if tag is not None:
            headers["If-Match"] = tag
        if key is not None:
            headers["Idempotency-Key"] = key
        if body is not None:
            more["json"] = body
        return await self.client.request(method, path, headers=headers, **more)

    async def change(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        of: str,
        **more: Any,  # noqa: ANN401 - as above
    ) -> httpx2.Response:
        """Read `of`, then send the change with its ETag as If-Match."""
        read = await self("GET", of)
        return await self(method, path, body, tag=read.headers["ETag"], **more)


@dataclass
class RegistryService:
    """A running registry, with helpers that create what a test needs."""

    client: httpx2.AsyncClient
    store: SqliteStore
    files: FolderFiles
    clock: Clock
    app: FastAPI
    loops: dict[str, Callable[[], Awaitable[None]]]

    def by(self, token: str | None) -> Caller:
        """The caller with this token; None: without a token."""
        return Caller(self.client, token)

    async def owed_events(self) -> list[tuple[Event, Payload]]:
        """The owed events since the last call, decoded as a consumer decodes them."""
        events = []
        for owed in await self.store.claim_owed(1000, timedelta(minutes=1)):
            events += [decode_event(event.body) for event in owed.events if event.type != AUDIT]
            await self.store.settle(owed, [event.id for event in owed.events])
        return sorted(events, key=lambda decoded: decoded[0].sequence)

    async def owed_types(self) -> list[str]:
        """The types of the owed events since the last call."""
        return [event.type for event, _ in await self.owed_events()]

    async def region(self, code: str = REGION) -> None:
        """Register a region."""
        made = await self.by("operator")("POST", "/regions", {"code": code, **TERMS})
        assert made.status_code == 201, made.text

    async def agency(self, name: str = "Dinas Kesehatan", region: str = REGION) -> str:
        """Register an agency. Returns its id."""
        body = {"region": region, "name": name, "kind": "dinas"}
        made = await self.by("operator")("POST", "/agencies", body, key=f"{region} {name}")
        assert made.status_code == 201, made.text
        return cast("str", made.json()["id"])

    async def draft(self, agency: str, key: str = "draft", **body: object) -> str:
        """Create a complete draft with evidence. Returns its path."""
        caller = self.by(f"agency:{agency}")
        whole = {"agency": agency, "profile": valid_profile(), **body}
        made = await caller("POST", "/innovations", whole, key=key)
        assert made.status_code == 201, made.text
        place, tag = f"/innovations/{made.json()['id']}", made.headers["ETag"]
        for row, claim in valid_evidence().items():
            put = await caller("PUT", f"{place}/evidence/{row}", claim, tag=tag)
            assert put.status_code == 200, put.text
            tag = put.headers["ETag"]
        return place

    async def submitted(self, agency: str, key: str = "draft") -> str:
        """Create and submit an innovation. Returns its path."""
        place = await self.draft(agency, key)
        done = await self.by(f"agency:{agency}").change("POST", f"{place}/submit", of=place)
        assert done.status_code == 200, done.text
        return place


@asynccontextmanager
async def running_registry(
    folder: Path,
    moment: str = "2026-06-01T09:00:00+07:00",
    own_store: Store | None = None,
    **uploads: int,
) -> AsyncIterator[RegistryService]:
    """A registry with its data in `folder`, at that business time. own_store: another engine than SQLite, not open yet;
    uploads: see `RegistrySettings`."""
    clock = Clock(datetime.fromisoformat(moment))
    store = cast("SqliteStore", own_store) if own_store else SqliteStore(folder / "registry.sqlite")
    files = FolderFiles(folder / "files")
    settings = Settings(data_dir=folder, services=(RegistrySettings(**uploads),))
    world = Resources(store, files, cast("Bus", None), clock, settings)  # the registry never uses the bus itself
    service = compose(world)
    app = service_app("registry", service.router, FixedTokens())
    await store.open(service.kinds)
    await files.open()
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    try:
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            yield RegistryService(client, store, files, clock, app, {each.name: each.run for each in service.loops})
    finally:
        if service.stop is not None:
            await service.stop()
        await files.close()
        await store.close()
