"""The servers of the fault tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.servers.mongo import MongoServer, mongo_server
from tests.servers.need import missing
from tests.servers.rabbit import Rabbit, RabbitServer, Vhost, installed, running


@pytest.fixture(scope="session")
def mortal_rabbit() -> Iterator[RabbitServer]:
    """A broker to be killed, frozen and restarted. The tests of one worker share it, so each leaves it running."""
    if not installed():
        missing("RabbitMQ", "apt-get install rabbitmq-server")
    with running() as server:
        yield server


@pytest.fixture
async def mortal_vhost(mortal_rabbit: RabbitServer) -> AsyncIterator[Vhost]:
    """A virtual host with the topology on the broker that is killed."""
    async with mortal_rabbit.vhost() as vhost:
        yield vhost


@pytest.fixture
async def vhost(rabbit: Rabbit) -> AsyncIterator[Vhost]:
    """A virtual host with the topology on the shared broker."""
    async with rabbit.vhost() as vhost:
        yield vhost


@pytest.fixture
def mortal_mongo(tmp_path: Path) -> Iterator[MongoServer]:
    """A database server to be killed and started again."""
    with mongo_server(tmp_path / "mongo") as server:
        yield server
