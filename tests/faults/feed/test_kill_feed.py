"""SIGKILL between any two steps from a delivery to a page of the feed: who follows from a cursor ends with the
present, and so does who comes late."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from shared.observability.failpoints import Failpoint
from tests.support.faults.processes import Process
from tests.support.feed.process import keep_reading, running_feed

PLACES = (
    f"{Failpoint.DELIVERY_TAKEN}@",
    f"{Failpoint.EVENTS_PLACED}@",
    f"{Failpoint.EVENTS_KEPT}@",
    f"{Failpoint.MARK_MOVED}@",
    f"{Failpoint.DELIVERY_HANDLED}@",
    f"{Failpoint.DELIVERY_ACKED}@",
)
AT_MOST = 3 * len(PLACES) if os.environ.get("SOAK_SECONDS") else 2
"""The number of kills of one test, drawn by its seed."""

CHANGES = 30  # for each life
PATIENCE = 1.0  # seconds in which a process that is given them reaches its failpoint


@pytest.mark.timeout(300)
async def test_a_kill_loses_nothing_for_those_who_follow(engines: Mapping[str, str], tmp_path: Path) -> None:
    dice = random.Random(seed := random.getrandbits(32))
    where = dice.sample(PLACES * 3, AT_MOST)
    lives = tuple(f"{place}#{dice.randint(1, 5)}" for place in where)
    print(f"seed {seed}, killed at {lives}")
    async with running_feed(tmp_path, engines, dice, lives) as feed:
        early = feed.follower(limit=dice.choice((1, 3, 500)))
        following = asyncio.create_task(keep_reading(early))
        rounds = 0
        while feed.process.deaths < len(lives):
            rounds += 1
            assert rounds < 10 * len(lives), f"only {feed.process.deaths} of {lives} were reached"
            deaths = feed.process.deaths
            await feed.source.change(CHANGES)
            await has_died(feed.process, deaths)
        await feed.source.change(CHANGES)
        await feed.process.ready()
        assert not following.done(), following
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

        await feed.shows_the_present(early)
        await feed.shows_the_present(feed.follower())

        assert feed.process.failure() is None
        assert early.restarts == 0, "a kill is no reason to begin anew"


async def has_died(process: Process, deaths: int) -> None:
    """Wait until it has died once more, or does not die of what it was given."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while process.deaths == deaths:  # noqa: ASYNC110 - it says so to nobody
                await asyncio.sleep(0.02)
