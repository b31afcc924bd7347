"""The service of a simulated year: an empty store, live, with channels that follow the world's script."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from pydantic import SecretStr

from services.notifications.application import Notifications
from services.notifications.kinds import KINDS
from services.notifications.reminders.mode import Mode
from services.notifications.sending.channel import Channel, ChannelName
from services.notifications.settings import MailSettings
from shared.adapters.folder import FolderFiles
from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.auth.policy import Principal, Role
from shared.clock import Clock
from shared.runtime.service import Resources
from shared.settings import Settings
from shared.web.app import service_app
from tests.support.notifications_service import set_mode


class CuratorGate:
    """A gate whose tokens are codes of regions: the curator of that region enters."""

    async def enter(self, token: str) -> Principal:
        """Whoever asks."""
        return Principal(f"curator-{token}", Role.CURATOR, token)


@dataclass(frozen=True)
class Running:
    """The parts of the service and a client of its routes."""

    store: SqliteStore
    parts: Notifications
    http: httpx2.AsyncClient


@asynccontextmanager
async def running(folder: Path, clock: Clock, channels: Mapping[ChannelName, Channel]) -> AsyncIterator[Running]:
    """Open until the end of the block."""
    store = SqliteStore(folder / "notifications.sqlite")
    settings = MailSettings(
        smtp_url=SecretStr(""),
        mail_from="Satu Inovasi <satu@kuburaya.example>",
        mail_reply_to="kurator@kuburaya.example",
        public_url="https://inovasi.example",
    )
    world = Resources(
        store=store,
        files=FolderFiles(folder / "files"),
        bus=SqliteBus(folder / "bus.sqlite"),
        clock=clock,
        settings=Settings(services=(settings,)),
    )
    parts = Notifications(world, channels)
    await store.open(KINDS)
    await set_mode(store, Mode.LIVE)
    app = service_app("notifications", parts.router(), CuratorGate())
    try:
        await parts.start()
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://satu") as http:
            yield Running(store, parts, http)
    finally:
        await parts.close()
        await store.close()
