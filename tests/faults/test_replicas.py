"""Two replicas of all services on one pair of engines, killed at random while they work."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.servers.rabbit import Vhost
from tests.servers.smtp import Mailbox
from tests.support.faults.engine_state import open_engines
from tests.support.faults.load import Load, WatchedRegency
from tests.support.faults.pair import pair
from tests.support.faults.processes import Process, RunningSystem
from tests.support.faults.scenario import NOW

pytestmark = [pytest.mark.rabbit, pytest.mark.mongo, pytest.mark.timeout(300)]


@pytest.mark.drawn(3, of="losses")
@pytest.mark.parametrize("round", [0, *(pytest.param(again, marks=pytest.mark.soak) for again in range(1, 4))])
async def test_two_replicas_killed_at_random_lose_nothing_and_send_no_mail_twice(
    round: int, vhost: Vhost, mongo_url: str, tmp_path: Path, mailbox: Mailbox
) -> None:
    seed = random.getrandbits(32) + round
    print(f"seed {seed}")
    dice = random.Random(seed)
    async with RunningSystem(tmp_path, {**pair(vhost, mongo_url), "BUSINESS_TIME": NOW}, smtp=mailbox.url) as system:
        other = Process(("up",), system.process.environment, tmp_path / "other.log")
        await other.start()
        replicas = [system.process, other]
        try:
            await asyncio.gather(*(each.ready() for each in replicas))
            async with (
                WatchedRegency(system.url, system.issue) as regency,
                open_engines(system.process.environment) as engines,
            ):
                load = Load(regency, 14, owing=6)
                await load.prepare()
                running = asyncio.create_task(load.run(at_once=5))
                for _ in range(4):
                    await asyncio.sleep(dice.uniform(0.1, 2.5))
                    victim = dice.choice(replicas)
                    await victim.kill()
                    await asyncio.sleep(dice.uniform(0.0, 1.5))
                    if dice.random() < 0.5:
                        await dice.choice(replicas).kill()
                await running
                await asyncio.gather(*(each.ready() for each in replicas))
                await load.check_outcome(mailbox)
                await engines.wait_until_idle()
                assert sum(each.deaths for each in replicas) >= 4
                assert [each.failure() for each in replicas] == [None, None]
                await asyncio.gather(*(each.stop() for each in replicas))
                assert await engines.unfinished() == []
        finally:
            await other.stop()
