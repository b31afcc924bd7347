"""The running systems of the journeys: one process for each pair of engines, all services in it, one for a module."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.servers.smtp import Mailbox
from tests.support.client import Regency
from tests.support.faults.pair import pair
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW

PAIRS = [
    pytest.param("embedded", marks=pytest.mark.xdist_group("journeys-embedded")),
    pytest.param(
        "distributed", marks=[pytest.mark.rabbit, pytest.mark.mongo, pytest.mark.xdist_group("journeys-distributed")]
    ),
]
"""SQLite and a folder; or RabbitMQ, MongoDB and GridFS."""


@pytest.fixture(scope="module")
def letters() -> Iterator[Mailbox]:
    """A real SMTP server of the module's own."""
    server = Mailbox()
    server.start()
    yield server
    server.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=PAIRS)
async def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, letters: Mailbox
) -> AsyncIterator[RunningSystem]:
    """The system, ready."""
    urls: dict[str, str] = {}
    if request.param == "distributed":
        vhost = await request.getfixturevalue("rabbit").fresh_vhost()
        urls = pair(vhost, request.getfixturevalue("mongo_url"))
    folder = tmp_path_factory.mktemp(request.param)
    async with RunningSystem(folder, {**urls, "BUSINESS_TIME": NOW}, smtp=letters.url) as running:
        await running.process.ready()
        yield running
        await running.wait_until_idle()


@pytest_asyncio.fixture(loop_scope="module")
async def regency(system: RunningSystem) -> AsyncIterator[Regency]:
    """A regional government of the journey's own, founded, its people ready to act."""
    async with Regency(system.url, system.issue) as founded:
        await founded.found()
        yield founded
