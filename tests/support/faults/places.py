"""Installations that run side by side, so that a region can be moved from one to another with `satu`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.client import Regency
from tests.support.commands import satu
from tests.support.faults.engine_state import open_engines
from tests.support.faults.pair import pair
from tests.support.faults.processes import RunningSystem
from tests.support.feed.follower import Follower
from tests.support.feed.truth import followers_have_the_present

NOW = "2026-11-16T09:00:00+07:00"

WAYS = [
    pytest.param("embedded", "embedded", marks=pytest.mark.soak),
    pytest.param("embedded", "distributed", marks=[pytest.mark.soak, pytest.mark.rabbit, pytest.mark.mongo]),
    pytest.param("distributed", "embedded", marks=[pytest.mark.soak, pytest.mark.rabbit, pytest.mark.mongo]),
]
"""From which engines to which a region moves."""


@dataclass
class Place:
    """An installation that runs. name: of its folder."""

    name: str
    system: RunningSystem

    async def command(self, *arguments: str, status: int = 0) -> str:
        done = await satu(self.system.process.environment, *arguments, status=status)
        return done.out + done.err

    async def stop(self) -> None:
        assert await self.system.process.stop() == 0

    async def start(self) -> None:
        await self.system.process.start()
        await self.system.process.ready()

    def accounts_of(self, regency: Regency) -> Regency:
        """The same region's users with tokens of this installation."""
        here = Regency(self.system.url, self.system.issue)
        here.code = regency.code
        return here

    async def documents(self) -> dict[str, str]:
        """`<service> <kind>/<id>` → stored form as text, of everything."""
        async with open_engines(self.system.process.environment) as engines:
            return {
                f"{name} {kind}/{stored['_id']}": json.dumps(stored, sort_keys=True, default=str)
                for name, store in engines.stores.items()
                for kind in engines.kinds[name]
                async for stored in store.dump(kind)
            }

    async def follows(self, follower: Follower) -> dict[str, str]:
        """Wait until the follower has the present; returns it."""
        await self.system.wait_until_idle()
        async with open_engines(self.system.process.environment) as engines:
            return await followers_have_the_present(engines, follower)


@asynccontextmanager
async def places(request: pytest.FixtureRequest, folder: Path, smtp: str, *engines: str) -> AsyncIterator[list[Place]]:
    """Installations that send alerts, on these engines. smtp: the URL of the server for mails."""
    async with AsyncExitStack() as stack:
        them = []
        for number, engine in enumerate(engines):
            urls: Mapping[str, str] = {}
            if engine == "distributed":
                vhost = await request.getfixturevalue("rabbit").fresh_vhost()
                urls = pair(vhost, request.getfixturevalue("mongo_url"))
            environment = {
                **urls,
                "BUSINESS_TIME": NOW,
                "WEBHOOK_NETWORKS": "127.0.0.0/8",
                "PORTAL_URL": "http://127.0.0.1",
            }
            system = RunningSystem(folder / f"{number}", environment, smtp=smtp)
            them.append(Place(f"{number}", await stack.enter_async_context(system)))
            await system.process.ready()
            async with Regency(system.url, system.issue) as any_region:
                await any_region.go_live()
        yield them
