"""Two curators who set at once what nobody has set: whoever writes second is told so, and has replaced nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from shared.ports.store import Document
from tests.support.notifications_api import DINKES, Api, notifications_api
from tests.support.notifications_service import REGION, YEAR

FIRST_WRITES = {
    f"/exemptions/{DINKES}/{YEAR}": [{"decree": f"100/{number}/2026", "reason": "Baru."} for number in range(2)],
    f"/office/{REGION}": [{"name": f"Bapperida {number}"} for number in range(2)],
}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with notifications_api(tmp_path) as api:
        yield api


@pytest.mark.parametrize("place", FIRST_WRITES)
async def test_of_two_first_writes_that_saw_nothing_one_is_stale(api: Api, place: str) -> None:
    store, bodies = api.service.store, FIRST_WRITES[place]
    change, both = store.change, asyncio.Barrier(2)

    async def once_both_have_looked(*given: Any, **named: Any) -> Document:  # noqa: ANN401 - as the store's
        if given[0] in ("exemption", "office"):
            await both.wait()
        return await change(*given, **named)

    store.change = once_both_have_looked  # type: ignore[method-assign,assignment]

    answers = await asyncio.gather(*(api.request("curator", "PUT", place, json=each) for each in bodies))

    statuses = [each.status_code for each in answers]
    assert sorted(statuses) == [200, 412], [each.text for each in answers]
    kept = (await api.request("curator", "GET", place)).json()
    assert kept.items() >= bodies[statuses.index(200)].items()
