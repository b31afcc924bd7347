"""The running systems of the journeys: one process with all services for each pair of engines."""

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


@pytest.fixture(scope="session")
def journey_mailbox() -> Iterator[Mailbox]:
    """A real SMTP server for all journeys, which is never cleared: each journey has its own addresses."""
    server = Mailbox()
    server.start()
    yield server
    server.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=PAIRS)
async def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, journey_mailbox: Mailbox
) -> AsyncIterator[RunningSystem]:
    """A system that all journeys share, ready, which sends alerts. Each journey has its own region in it."""
    urls: dict[str, str] = {}
    if request.param == "distributed":
        vhost = await request.getfixturevalue("rabbit").fresh_vhost()
        urls = pair(vhost, request.getfixturevalue("mongo_url"))
    folder = tmp_path_factory.mktemp(request.param)
    async with RunningSystem(
        folder, {**urls, "BUSINESS_TIME": NOW, "WEBHOOK_NETWORKS": "127.0.0.0/8"}, smtp=journey_mailbox.url
    ) as running:
        await running.process.ready()
        async with Regency(running.url, running.issue) as any_region:
            await any_region.go_live()
        yield running
        await running.wait_until_idle()


@pytest_asyncio.fixture(loop_scope="session")
async def regency(system: RunningSystem) -> AsyncIterator[Regency]:
    """A region of the journey's own, registered."""
    async with Regency(system.url, system.issue) as founded:
        await founded.found()
        yield founded
