"""The office of a seed: a region of its own on the embedded system that all journeys share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.client import Regency
from tests.support.faults.processes import RunningSystem
from tests.support.seeds.office import Office


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office_to_be(system: RunningSystem, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """An office whose region is not registered yet; the tests of one seed share it."""
    async with Regency(system.url, system.issue) as regency:
        yield Office(system, regency, tmp_path_factory.mktemp("office"))
