"""A year of agencies with random histories: what the service hands over is what must be, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from services.notifications.contacts.channel_name import ChannelName
from shared.auth.policy import Principal, Role
from shared.web.app import service_app
from tests.support.notifications_service import NotificationsService, notifications_service
from tests.support.year.compare import differences
from tests.support.year.drive import Drive
from tests.support.year.fake_channel import FakeChannel
from tests.support.year.history import History, history_of
from tests.support.year.mail import Handed
from tests.support.year.naive import Naive
from tests.support.year.provider import World
from tests.support.year.simulated_time import SimulatedTime

AGENCIES = 20
SOAKED = 100


class CuratorGate:
    """A gate whose tokens are codes of regions: the curator of that region enters."""

    async def enter(self, token: str) -> Principal:
        return Principal(f"curator-{token}", Role.CURATOR, token)


@asynccontextmanager
async def driven(
    history: History, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Drive, NotificationsService, httpx.AsyncClient]]:
    time = SimulatedTime(history.begin)
    time.govern(monkeypatch)
    drive, world = Drive(history, time), World(history.facts)
    channels = {
        name: FakeChannel(name, world, time.now, drive.record, drive.plan, drive.is_fallback) for name in ChannelName
    }
    async with notifications_service(folder, at=history.begin, channels=channels, clock=time) as service:
        app = service_app("notifications", service.parts.router(), CuratorGate())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://satu") as http:
            yield drive, service, http


async def handed_over(history: History, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Handed]:
    async with driven(history, folder, monkeypatch) as (drive, service, http):
        return await drive.run(service, http)


async def check(seed: int, agencies: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = history_of(seed, agencies)
    print(f"seed {seed}, {agencies} agencies, {len(history.facts)} facts")
    expected = Naive(history.facts, history.end, history.holidays).run()
    assert expected
    assert differences(expected, await handed_over(history, folder, monkeypatch)) == []


async def test_a_year_of_random_histories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, randomly_seed: int) -> None:
    await check(randomly_seed, AGENCIES, tmp_path, monkeypatch)
