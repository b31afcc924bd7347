"""The feed alone in a process of its own, on either pair of engines, which may be killed while it places events."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.auth import keys
from tests.support.client import eventually, issuing
from tests.support.faults.processes import Process
from tests.support.feed.follower import Follower
from tests.support.feed.grants import subscriber
from tests.support.feed.source import Source, opened_source


@dataclass
class RunningFeed:
    """source: publishes what it is to place."""

    process: Process
    source: Source
    data: Path

    def follower(self, *, limit: int = 500) -> Follower:
        """Another system with an account of its own."""
        token = issuing(self.data)(subscriber(f"pengikut-{random.getrandbits(32):08x}"))
        return Follower(self.process.url, token, limit=limit)

    async def shows_the_present(self, follower: Follower, within: float = 30.0) -> None:
        """What the follower keeps becomes the newest event of each document."""

        async def difference() -> dict[str, tuple[str | None, str | None]]:
            await follower.read()
            kept, wanted = follower.bodies(), self.source.newest
            return {
                each: (kept.get(each), wanted.get(each))
                for each in kept.keys() | wanted.keys()
                if kept.get(each) != wanted.get(each)
            }

        await eventually(difference, lambda them: not them, within=within)


@asynccontextmanager
async def running_feed(
    folder: Path, engines: Mapping[str, str], dice: random.Random, lives: tuple[str, ...] = ()
) -> AsyncIterator[RunningFeed]:
    """engines: the environment of either pair; lives: see `Process`."""
    data = folder / "data"
    environment = {"DATA_DIR": str(data), "LOG_FORMAT": "json", **engines}
    keys.init(data, data / "access")
    process = Process(("serve", "feed"), environment, folder / "feed.log", lives)
    async with opened_source(environment, dice) as source:
        await process.start()
        try:
            await process.ready()
            yield RunningFeed(process, source, data)
        finally:
            await process.stop()


async def keep_reading(follower: Follower) -> None:
    """Read by long polls until cancelled."""
    while True:
        await follower.read(wait=30)
        await asyncio.sleep(0)
