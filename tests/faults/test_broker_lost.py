"""RabbitMQ killed, restarted and frozen under a system that takes in innovations all the while."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.servers.rabbit import RabbitServer
from tests.servers.smtp import Mailbox
from tests.support.client import Answer, eventually
from tests.support.faults.engine_state import open_engines
from tests.support.faults.load import Load, WatchedRegency
from tests.support.faults.pair import pair
from tests.support.faults.process_state import readiness
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW

pytestmark = [
    pytest.mark.rabbit,
    pytest.mark.mongo,
    pytest.mark.timeout(240),
]


async def is_away(system: RunningSystem) -> None:
    """Wait until the process says that the broker is away."""

    def says_so(parts: Answer) -> bool:
        states = {name: part["state"] for name, part in parts.items()}
        return (states["registry: relay"], states["scoring: consumer scoring.innovations"]) == (
            "bus-away",
            "reconnecting",
        )

    await eventually(lambda: readiness(system), says_so, within=60)


@pytest.mark.parametrize("loss", ["killed", pytest.param("restarted", marks=pytest.mark.soak), "frozen"])
async def test_while_the_broker_is_gone_submissions_are_taken_and_afterwards_all_arrives(
    loss: str, mortal_rabbit: RabbitServer, mongo_url: str, tmp_path: Path, mailbox: Mailbox
) -> None:
    vhost = await mortal_rabbit.fresh_vhost()
    urls = pair(vhost, mongo_url)
    urls["BUS_URL"] += "?heartbeat=1"  # silence is noticed in seconds
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

            if loss == "frozen":
                mortal_rabbit.freeze()
            else:
                await asyncio.to_thread(mortal_rabbit.kill if loss == "killed" else mortal_rabbit.restart)
            try:
                await load.submit_one("Dinas yang mengajukan di tengah gangguan")
                await running
                if loss != "restarted":
                    await is_away(system)
                    assert await engines.stores["registry"].oldest_owed() is not None
                    assert not regency.answers.statuses[503], "what is owed waits in the outbox; nobody is sent away"
            finally:
                if loss == "frozen":
                    mortal_rabbit.thaw()
                elif loss == "killed":
                    await asyncio.to_thread(mortal_rabbit.start)

            await load.check_outcome(mailbox)
            await engines.wait_until_idle()
            await system.process.ready()
            await system.process.stop()
            assert await engines.unfinished() == []
