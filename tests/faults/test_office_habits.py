"""Offices of other habits and mistakes move in, on both pairs of engines: only in `make soak`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.journeys.test_office_table import Desk, move_in
from tests.servers.smtp import Mailbox
from tests.support.client import Regency
from tests.support.faults.pair import pair
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW

OFFICES = 3
DISTRIBUTED = pytest.param("distributed", marks=[pytest.mark.rabbit, pytest.mark.mongo])


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("engines", ["embedded", DISTRIBUTED])
async def test_offices_of_any_habits_move_in(
    engines: str, tmp_path: Path, mailbox: Mailbox, request: pytest.FixtureRequest
) -> None:
    urls: dict[str, str] = {}
    if engines == "distributed":
        vhost = await request.getfixturevalue("rabbit").fresh_vhost()
        urls = pair(vhost, request.getfixturevalue("mongo_url"))
    async with RunningSystem(tmp_path, {**urls, "BUSINESS_TIME": NOW}, smtp=mailbox.url) as system:
        await system.process.ready()
        for number in range(OFFICES):
            folder = tmp_path / str(number)
            folder.mkdir()
            async with Regency(system.url, system.issue) as regency:
                await regency.found()
                await move_in(Desk(system, regency, folder), system, seed=random.randrange(2**32))
