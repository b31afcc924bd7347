"""The scoring service's HTTP application on a filled store, in this process, for a curator of the measured region."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

from benchmarks.system.drafts import REGION_CODE
from services.scoring.kinds import KINDS
from services.scoring.main import compose
from shared.adapters.folder import FolderFiles
from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.auth.policy import Principal, Role
from shared.clock import Clock
from shared.runtime.service import Resources
from shared.settings import load
from shared.web.app import service_app

_PATIENCE = 900  # seconds


class Curator:
    """Every token is the curator's."""

    async def enter(self, token: str) -> Principal:
        del token
        return Principal("curator", Role.CURATOR, REGION_CODE)


@asynccontextmanager
async def scoring_app(file: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the application on this store."""
    folder = file.parent
    store, settings = SqliteStore(file), load({}, data_dir=folder)
    bus = SqliteBus(folder / "bus.sqlite")  # not opened: nothing is published
    service = compose(Resources(store, FolderFiles(folder / "files"), bus, Clock(), settings))
    await store.open(KINDS)
    app = service_app("scoring", service.router, Curator())
    transport, headers = httpx2.ASGITransport(app=app), {"Authorization": "Bearer x"}
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://bench", headers=headers, timeout=_PATIENCE
    ) as client:
        yield client
    await store.close()
