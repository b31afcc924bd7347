"""RabbitMQ killed, restarted and frozen under a system that takes in innovations all the while."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.servers.rabbit import RabbitServer
from tests.servers.smtp import Mailbox
from tests.support.client import Answer, eventually
from tests.support.faults.engine_state import looking
from tests.support.faults.load import Load, Watched
from tests.support.faults.pair import pair
from tests.support.faults.process_state import standings
from tests.support.faults.processes import Town
from tests.support.faults.scenario import NOW

pytestmark = [
    pytest.mark.rabbit,
    pytest.mark.mongo,
    pytest.mark.timeout(240),
]


async def is_away(town: Town) -> None:
    """Wait until the process says that the broker is away."""

    def said(parts: Answer) -> bool:
        states = {name: part["state"] for name, part in parts.items()}
        return (
            states["registry: relay"] == "bus-away"
            and states["scoring: consumer scoring.innovations"] == "reconnecting"
        )

    await eventually(lambda: standings(town), said, within=60)


@pytest.mark.parametrize("loss", ["killed", pytest.param("restarted", marks=pytest.mark.soak), "frozen"])
async def test_while_the_broker_is_gone_submissions_are_taken_and_afterwards_all_arrives(
    loss: str, mortal_rabbit: RabbitServer, mongo_url: str, tmp_path: Path, mailbox: Mailbox
) -> None:
    vhost = await mortal_rabbit.fresh_vhost()
    engines = pair(vhost, mongo_url)
    engines["BUS_URL"] += "?heartbeat=1"  # silence is noticed in seconds
    async with Town(tmp_path, {**engines, "BUSINESS_TIME": NOW}, smtp=mailbox.url) as town:
        await town.process.ready()
        async with Watched(town.url, town.issue) as regency, looking(town.process.environment) as look:
            load = Load(regency, 12)
            await load.prepare()
            running = asyncio.create_task(load.run())
            await load.reached(3)

            if loss == "frozen":
                mortal_rabbit.freeze()
            else:
                await asyncio.to_thread(mortal_rabbit.kill if loss == "killed" else mortal_rabbit.restart)
            try:
                await load.hand_in("Dinas yang mengajukan di tengah gangguan")
                await running
                if loss != "restarted":
                    await is_away(town)
                    assert await look.stores["registry"].oldest_owed() is not None
                    assert not regency.manner.statuses[503], "what is owed waits in the outbox; nobody is sent away"
            finally:
                if loss == "frozen":
                    mortal_rabbit.thaw()
                elif loss == "killed":
                    await asyncio.to_thread(mortal_rabbit.start)

            await load.comes_true(mailbox)
            await look.at_rest()
            await town.process.ready()
            await town.process.stop()
            assert await look.left() == []
