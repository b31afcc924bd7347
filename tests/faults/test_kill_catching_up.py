"""SIGKILL while the obligations of a region are recomputed: another process goes on where it ended, without the event,
and every obligation announces its new deadline once."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest

from shared.observability.failpoints import Failpoint
from tests.support.faults.catching_up_process import MOVED_TO, PAGE
from tests.support.notifications_service import REGION, agency, agency_id, notifications_service, region

NAMES = [f"Dinas {number}" for number in range(2 * PAGE + 5)]

PLACES: dict[str, tuple[str, ...]] = {
    "a mark": (
        f"{Failpoint.CHANGE_COMMITTED}@known_region/#1",  # the region is stored; its event is not acknowledged
        f"{Failpoint.CHANGE_COMMITTED}@known_region/#2",  # the mark is removed
        f"{Failpoint.REGION_RECOMPUTED}@region/",
    ),
    "a page": (
        f"{Failpoint.CHANGE_COMMITTED}@obligation/#3",
        f"{Failpoint.CHANGE_COMMITTED}@obligation/#{PAGE}",
        f"{Failpoint.CHANGE_COMMITTED}@obligation/#{PAGE + 7}",
    ),
}
"""Where the process kills itself: one place of each kind, drawn by the seed; `make soak` uses all."""

ALL = bool(os.environ.get("SOAK_SECONDS"))


async def run(folder: Path, where: str) -> int:
    """One process; its exit code."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.faults.catching_up_process", str(folder), where
    )
    return await process.wait()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("after", PLACES)
async def test_killed_after(after: str, tmp_path: Path) -> None:
    """Each place in a store of its own."""
    for number, where in enumerate(PLACES[after] if ALL else [random.choice(PLACES[after])]):
        print(f"killed at {where}")
        folder = tmp_path / str(number)
        folder.mkdir()
        await killed_at(where, folder)


async def killed_at(where: str, tmp_path: Path) -> None:
    """One process is killed there, and another one goes on."""
    # Given a region with obligations, and a process that is killed while it recomputes them
    async with notifications_service(tmp_path) as service:
        await service.receive(region())
        for name in NAMES:
            await service.receive(agency(name))
    assert await run(tmp_path, where) == -signal.SIGKILL

    # When another one goes on
    assert await run(tmp_path, "never") == 0

    # Then all of them follow the new deadline, and each has said so once
    async with notifications_service(tmp_path) as service:
        obligations = await service.obligations()
        assert {each.deadline for each in obligations.values()} == {MOVED_TO.isoformat()}
        assert not await service.parts.known_facts.is_behind(REGION)
        said = Counter((event.data["agency"], event.data["deadline_revision"]) for event in await service.owed_events())
        assert said == {(agency_id(name), revision): 1 for name in NAMES for revision in (1, 2)}
