"""RabbitMQ killed, restarted and frozen while a system accepts innovations."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.servers.rabbit import RabbitServer, Vhost
from tests.servers.smtp import Mailbox
from tests.support.client import Answer, eventually
from tests.support.faults.engine_state import open_engines
from tests.support.faults.load import Load, WatchedRegency
from tests.support.faults.pair import pair
from tests.support.faults.process_state import readiness
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW
from tests.support.feed.truth import follower_of, followers_have_the_present

pytestmark = [
    pytest.mark.rabbit,
    pytest.mark.mongo,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("mortal-rabbit"),
]


@pytest.fixture
def urls(mortal_vhost: Vhost, mongo_url: str) -> dict[str, str]:
    """The engines' addresses, with a heartbeat of a second, so that a silent broker is noticed in seconds."""
    engines = pair(mortal_vhost, mongo_url)
    return {**engines, "BUS_URL": f"{engines['BUS_URL']}?heartbeat=1"}


async def wait_until_away(system: RunningSystem) -> None:
    """Wait until the process reports that the broker is away."""

    def says_so(parts: Answer) -> bool:
        states = {name: part["state"] for name, part in parts.items()}
        return (states["registry: relay"], states["scoring: consumer scoring.innovations"]) == (
            "bus-away",
            "reconnecting",
        )

    await eventually(lambda: readiness(system), says_so, within=60)


@pytest.mark.drawn(3, of="losses")
@pytest.mark.sampled(1)
@pytest.mark.parametrize("loss", ["killed", pytest.param("restarted", marks=pytest.mark.soak), "frozen"])
async def test_without_the_broker_submissions_are_accepted_and_all_arrive_afterwards(
    loss: str,
    mortal_rabbit: RabbitServer,
    urls: dict[str, str],
    tmp_path: Path,
    mailbox: Mailbox,
) -> None:
    async with RunningSystem(tmp_path, {**urls, "BUSINESS_TIME": NOW}, smtp=mailbox.url) as system:
        await system.process.ready()
        async with (
            WatchedRegency(system.url, system.issue) as regency,
            open_engines(system.process.environment) as engines,
        ):
            load = Load(regency, 12)
            await load.prepare()
            running = asyncio.create_task(load.run())
            await load.wait_for(3)
            early = follower_of(system)
            await early.read()

            if loss == "frozen":
                mortal_rabbit.freeze()
            else:
                await asyncio.to_thread(mortal_rabbit.kill if loss == "killed" else mortal_rabbit.restart)
            try:
                await load.submit_one("Dinas yang mengajukan di tengah gangguan")
                await running
                if loss != "restarted":
                    await wait_until_away(system)
                    assert await engines.stores["registry"].oldest_owed() is not None
                    assert not regency.answers.statuses[503], "events wait in the outbox; no request is refused"
            finally:
                if loss == "frozen":
                    mortal_rabbit.thaw()
                elif loss == "killed":
                    await asyncio.to_thread(mortal_rabbit.start)

            await load.check_outcome(mailbox)
            await engines.wait_until_idle()
            await followers_have_the_present(engines, early, follower_of(system))
            await system.process.ready()
            await system.process.stop()
            assert await engines.unfinished() == []
