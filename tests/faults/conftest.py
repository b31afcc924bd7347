"""The engines of the fault tests, and what only `make soak` runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.mongo import MongoServer, mongo_server
from tests.servers.need import missing
from tests.servers.rabbit import RabbitServer, installed, running

HERE = str(Path(__file__).parent)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Repetitions wait for `make soak`, which says SOAK_SECONDS."""
    if os.environ.get("SOAK_SECONDS"):
        return
    waiting = [each for each in items if str(each.path).startswith(HERE) and each.get_closest_marker("soak")]
    if waiting:
        config.hook.pytest_deselected(items=waiting)
        items[:] = [each for each in items if each not in waiting]


@pytest.fixture(scope="session")
def mortal_rabbit() -> Iterator[RabbitServer]:
    """A broker to be killed, frozen and started again, by tests of one worker: whoever stops it starts it again."""
    if not installed():
        missing("RabbitMQ", "apt-get install rabbitmq-server")
    with running() as server:
        yield server


@pytest.fixture
def mortal_mongo(tmp_path: Path) -> Iterator[MongoServer]:
    """A database server to be killed and started again."""
    with mongo_server(tmp_path / "mongo") as server:
        yield server
