"""A year of agencies with random histories on a simulated clock: what the service hands over is what must be (which
reason, to whom, when, by which channel), and nothing else."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.notifications.contacts.channel_name import ChannelName
from tests.support.year.compare import differences
from tests.support.year.driving.drive import Drive
from tests.support.year.driving.fake_channel import FakeChannel
from tests.support.year.driving.running import running
from tests.support.year.driving.simulated_time import SimulatedTime
from tests.support.year.histories.history import History, history_of
from tests.support.year.mail import Handed
from tests.support.year.naive import Naive
from tests.support.year.provider import World

AGENCIES = 14
SOAKED = 120
MEMORY = Path("/dev/shm")  # a year has tens of thousands of commits, and this is no test of disks


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> SimulatedTime:
    time = SimulatedTime()
    time.govern(monkeypatch)
    return time


async def handed_over(history: History, folder: Path, time: SimulatedTime) -> list[Handed]:
    """By the service."""
    time.move_to(history.begin)
    drive, world = Drive(history, time), World(history.facts)
    channels = {name: FakeChannel(name, world, time.now, drive) for name in ChannelName}
    async with running(folder, time, channels) as service:
        return await drive.run(service)


async def check(agencies: int, folder: Path, time: SimulatedTime, number: int = 0) -> None:
    seed = random.randrange(2**32) + number  # pytest-randomly gives every test of a run the same number
    history = history_of(seed, agencies)
    print(f"seed {seed}, {agencies} agencies, {len(history.facts)} facts, {history.year}")
    expected = Naive(history.facts, history.end, history.holidays).run()
    assert expected
    assert differences(expected, await handed_over(history, folder, time)) == []


@pytest.mark.timeout(240)
async def test_a_year_of_random_histories_tells_everybody_what_is_due(folder: Path, time: SimulatedTime) -> None:
    await check(AGENCIES, folder, time)


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_a_year_of_very_many_agencies_tells_everybody_what_is_due(folder: Path, time: SimulatedTime) -> None:
    await check(SOAKED, folder, time)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("number", range(10))
async def test_other_years_of_random_histories(number: int, folder: Path, time: SimulatedTime) -> None:
    await check(AGENCIES, folder, time, number + 1)
