"""The engines of the contract tests of the store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.ports.store import Store
from tests.servers.mongo import fresh_database
from tests.support.store_engines import FEATURES, Engine, EngineName


@pytest.fixture(
    params=["sqlite", pytest.param("motor", marks=pytest.mark.mongo), pytest.param("pymongo", marks=pytest.mark.mongo)]
)
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Engine]:
    """An engine with an empty database."""
    name: EngineName = request.param
    engine = Engine(name, _where(name, request, tmp_path), FEATURES[name])
    yield engine
    await engine.close()


@pytest.fixture(params=["sqlite", pytest.param("motor", marks=pytest.mark.mongo)])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Engine]:
    """Each kind of engine once: for what uses no more of a store than its contract, which every driver has passed."""
    name: EngineName = request.param
    engine = Engine(name, _where(name, request, tmp_path), FEATURES[name])
    yield engine
    await engine.close()


@pytest.fixture
async def store(engine: Engine) -> Store:
    """An open, empty store."""
    return await engine.open()


def _where(name: EngineName, request: pytest.FixtureRequest, folder: Path) -> str:
    return str(folder / "store.sqlite") if name == "sqlite" else fresh_database(request.getfixturevalue("mongo_url"))
