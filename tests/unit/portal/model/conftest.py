from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.portal_model.told import Told, told_model


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Told]:
    async with told_model(tmp_path) as told:
        yield told
