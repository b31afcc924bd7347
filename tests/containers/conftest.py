"""Builds the images and starts the whole compose file once for all tests of this folder."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.containers.compose import Compose, engine_answers
from tests.servers.need import missing
from tests.support.client import Regency, issuing
from tests.support.paths import ROOT

HERE = Path(__file__).parent
REPLICAS = {"scoring": 2, "notifications": 2}
RUNNING = 11  # proxy, registry, two of scoring, two of notifications, feed, portal, rabbitmq, mongo, maildev
VERSION = "tested"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test time for the build and the start."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.containers)
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The tag of the images that are built from this checkout."""
    if not engine_answers():
        missing("a container engine", "start Docker, with its compose plug-in")
    Compose("satu-build", tmp_path_factory.mktemp("build"), version=VERSION).build()
    return VERSION


@pytest.fixture(scope="package")
def whole(images: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compose]:
    """The whole system, with two replicas of scoring and of notifications. It ends before the worker runs other tests,
    so that it does not slow them down."""
    compose = Compose(f"satu-test-{secrets.token_hex(3)}", tmp_path_factory.mktemp("whole"), version=images, amqp=True)
    try:
        compose.up(replicas=REPLICAS)
        yield compose
    finally:
        logs = compose("logs", "--no-color", "--timestamps", check=False).stdout
        (ROOT / ".cache").mkdir(exist_ok=True)
        (ROOT / ".cache" / "containers.log").write_text(logs)
        compose.down(volumes=True)


@pytest.fixture
def system(whole: Compose) -> Compose:
    """The whole system, healthy again after the test before."""
    if len(whole.containers()) != RUNNING or whole.unhealthy():
        whole.up(replicas=REPLICAS)
    assert len(whole.containers()) == RUNNING
    return whole


@pytest_asyncio.fixture
async def regency(system: Compose) -> AsyncIterator[Regency]:
    """A region of the test's own, reached through the proxy, which reminds at any hour of any day."""
    async with Regency(system.url, issuing(system.secrets), patience=120) as regency:
        await regency.go_live()
        await regency.found()
        await regency.be_reminded_at_any_hour()
        yield regency
    await asyncio.sleep(0)
