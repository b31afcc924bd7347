"""SIGKILL between any two steps from a delivery to a page of the feed: who follows from a cursor ends with the
present, and so does who comes late."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from shared.observability.failpoints import Failpoint
from tests.support.client import eventually
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
AT_MOST = 3 * len(PLACES) if os.environ.get("SOAK_SECONDS") else 3
"""The number of kills of one test, drawn by its seed."""

CHANGES = 30  # for each life


@pytest.mark.timeout(300)
async def test_a_kill_loses_nothing_for_those_who_follow(engines: Mapping[str, str], tmp_path: Path) -> None:
    dice = random.Random(seed := random.getrandbits(32))
    where = [*PLACES, *dice.choices(PLACES, k=AT_MOST)] if len(PLACES) < AT_MOST else dice.sample(PLACES, AT_MOST)
    dice.shuffle(where)
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
            with_more = eventually(lambda: _deaths(feed.process), lambda now, was=deaths: now > was, within=3.0)
            await asyncio.gather(with_more, return_exceptions=True)
        await feed.source.change(CHANGES)
        await feed.process.ready()
        assert not following.done(), following
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

        await feed.shows_the_present(early)
        await feed.shows_the_present(feed.follower())

        assert feed.process.failure() is None
        assert early.restarts == 0, "a kill is no reason to begin anew"


async def _deaths(process: Process) -> int:
    return process.deaths
