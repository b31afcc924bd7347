"""A year of agencies with random histories: what the service hands over is what must be, and nothing else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from services.notifications.contacts.channel_name import ChannelName
from tests.support.year.compare import differences
from tests.support.year.drive import Drive
from tests.support.year.fake_channel import FakeChannel
from tests.support.year.history import History, history_of
from tests.support.year.mail import Handed
from tests.support.year.naive import Naive
from tests.support.year.provider import World
from tests.support.year.running import running
from tests.support.year.simulated_time import SimulatedTime

AGENCIES = 20


async def handed_over(history: History, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Handed]:
    """By the service."""
    time = SimulatedTime(history.begin)
    time.govern(monkeypatch)
    drive, world = Drive(history, time), World(history.facts)
    channels = {name: FakeChannel(name, world, time.now, drive) for name in ChannelName}
    async with running(folder, time, channels) as service:
        return await drive.run(service)


async def check(seed: int, agencies: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = history_of(seed, agencies)
    print(f"seed {seed}, {agencies} agencies, {len(history.facts)} facts")
    expected = Naive(history.facts, history.end, history.holidays).run()
    assert expected
    assert differences(expected, await handed_over(history, folder, monkeypatch)) == []


async def test_a_year_of_random_histories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await check(random.randrange(2**32), AGENCIES, tmp_path, monkeypatch)
