"""SIGSTOP between the places and the commit: another process takes over, and the one that was stopped goes on. Who
follows from a cursor ends with the present, and so does who comes late."""

from __future__ import annotations

import random
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from shared.adapters.rabbit.management import ManagementApi
from shared.observability.failpoints import Failpoint
from tests.servers.rabbit import Vhost
from tests.support.client import eventually
from tests.support.faults.killed_process import STOP
from tests.support.faults.pair import pair
from tests.support.faults.processes import Process
from tests.support.feed.follower import Follower
from tests.support.feed.process import RunningFeed, running_feed

pytestmark = [pytest.mark.rabbit, pytest.mark.mongo, pytest.mark.timeout(120)]

CHANGES = 30


@pytest.mark.parametrize(
    "place", [Failpoint.EVENTS_PLACED, pytest.param(Failpoint.EVENTS_KEPT, marks=pytest.mark.soak)], ids=str
)
async def test_a_writer_that_was_stopped_and_relieved_hides_nothing(
    place: Failpoint, vhost: Vhost, mongo_url: str, tmp_path: Path
) -> None:
    dice = random.Random(seed := random.getrandbits(32))
    where = f"{STOP}{place}@#{dice.randint(1, 4)}"
    print(f"seed {seed}, stopped at {where}")
    async with running_feed(tmp_path, pair(vhost, mongo_url), dice, (where,)) as feed:
        stopped = feed.process
        connections = await eventually(lambda: connections_of_the_feed(vhost))
        while not stopped.is_stopped:
            await feed.source.change(CHANGES)

        async with another(feed.process.environment, tmp_path / "other.log") as other:
            successor = RunningFeed(other, feed.source, feed.data)
            early = successor.follower(limit=dice.choice((1, 3, 500)))
            try:
                await early.read()
                assert await close(vhost, connections), "the broker hears that it is gone"
                await feed.source.change(CHANGES)
                await successor.shows_the_present(early)
            finally:
                stopped.send(signal.SIGCONT)
            await stopped.ready()
            await feed.source.change(CHANGES)
            for follower in (early, successor.follower(), feed.follower()):
                await successor.shows_the_present(follower)

            await either_ends(stopped, successor, early)


async def either_ends(stopped: Process, successor: RunningFeed, early: Follower) -> None:
    """With the one that was stopped at its end, the other one goes on alone."""
    assert await stopped.stop() == 0
    await successor.source.change(CHANGES)
    await successor.shows_the_present(early)
    assert early.restarts == 0


@asynccontextmanager
async def another(environment: Mapping[str, str], log: Path) -> AsyncIterator[Process]:
    """A second process of the feed."""
    process = Process(("serve", "feed"), environment, log)
    await process.start()
    try:
        await process.ready()
        yield process
    finally:
        await process.stop()


async def connections_of_the_feed(vhost: Vhost) -> list[str]:
    """Their names."""
    async with ManagementApi(vhost.management) as api:
        found = await api.listed(f"vhosts/{vhost.name}/connections")
        return [each["name"] for each in found if each.get("user") == "feed"]


async def close(vhost: Vhost, names: list[str]) -> bool:
    """As the broker does after two heartbeats that did not come; whether there were any."""
    async with ManagementApi(vhost.management) as api:
        for name in names:
            await api.delete(f"connections/{quote(name, safe='')}")
    return bool(names)
