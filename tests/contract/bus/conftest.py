"""The buses of the contract tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.servers.rabbit import Rabbit
from tests.support.bus_makers import BusMaker, SqliteBusMaker
from tests.support.rabbit_bus_maker import RabbitBusMaker


@pytest.fixture(params=["sqlite", pytest.param("rabbit", marks=pytest.mark.rabbit)])
async def bus_maker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[BusMaker]:
    """Makes buses on one file, or on one virtual host."""
    maker: BusMaker = SqliteBusMaker(tmp_path)
    if request.param == "rabbit":
        rabbit: Rabbit = request.getfixturevalue("rabbit")
        maker = RabbitBusMaker(rabbit, await rabbit.fresh_vhost(applied=False))
    yield maker
    await maker.close()
