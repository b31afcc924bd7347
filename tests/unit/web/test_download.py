"""Generated files: the public has a small share of the places, so that it never holds up an agency."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.responses import StreamingResponse

from shared.auth.policy import PUBLIC, Principal, Role
from shared.faults import Busy
from shared.web.download import FileGenerator

CURATOR = Principal("curator", Role.CURATOR, "61.12")


async def test_the_public_has_its_own_small_share() -> None:
    generator, go_on = FileGenerator(at_once=3, public_at_once=1), asyncio.Event()

    async def slowly(path: Path) -> None:
        await go_on.wait()
        path.write_bytes(b"done")  # noqa: ASYNC240 - a local file

    async def begun(who: Principal) -> asyncio.Task[StreamingResponse]:
        task = asyncio.create_task(generator.send(who, "a.csv", "text/csv", slowly))
        await asyncio.sleep(0)
        return task

    running = [await begun(PUBLIC)]
    with pytest.raises(Busy):
        await generator.send(PUBLIC, "a.csv", "text/csv", slowly)
    running += [await begun(CURATOR), await begun(CURATOR)]
    with pytest.raises(Busy):
        await generator.send(CURATOR, "a.csv", "text/csv", slowly)
    go_on.set()
    answers = [*await asyncio.gather(*running), await generator.send(PUBLIC, "a.csv", "text/csv", slowly)]

    assert [[chunk async for chunk in each.body_iterator] for each in answers] == [[b"done"]] * 4
