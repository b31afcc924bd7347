"""The MongoDB server killed and restarted while a system works."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx2
import pytest

from tests.servers.mongo import MongoServer
from tests.servers.rabbit import Vhost
from tests.servers.smtp import Mailbox
from tests.support.client import eventually
from tests.support.faults.engine_state import open_engines
from tests.support.faults.load import Load, WatchedRegency, improper
from tests.support.faults.pair import pair
from tests.support.faults.process_state import SOON, check_alive, metrics_of, readiness
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW, YEAR
from tests.support.feed.truth import follower_of, followers_have_the_present

pytestmark = [pytest.mark.rabbit, pytest.mark.mongo, pytest.mark.timeout(240)]


async def check_refusals(regency: WatchedRegency, agency: str, innovation: str) -> None:
    """Reads and submissions fail soon with a problem document and Retry-After."""

    async def check(answer: httpx2.Response) -> None:
        assert answer.status_code == 503
        assert improper(answer) == []

    began = time.monotonic()
    path = f"/registry/v1/innovations/{innovation}"
    officer = regency.officer(agency)
    answers = await asyncio.gather(
        officer.raw("GET", path),
        officer.raw("POST", f"{path}/withdraw", headers={"If-Match": '"1"'}),
        officer.raw("POST", "/registry/v1/innovations", json={"agency": agency, "profile": {}}, headers=KEY),
        officer.raw("GET", f"/scoring/v1/scorecards/{innovation}"),
        regency.curator.raw("GET", "/notifications/v1/obligations", params={"region": regency.code, "year": YEAR}),
    )
    assert time.monotonic() - began < SOON
    for answer in answers:
        await check(answer)


SHORT = "?serverSelectionTimeoutMS=1000&connectTimeoutMS=1000&waitQueueTimeoutMS=1000"
"""Of the store's URL: a third of what is waited otherwise for a server that is away."""

KEY = {"Idempotency-Key": "5b1e4f0a-0000-4000-8000-000000000001"}


@pytest.mark.drawn(3, of="losses")
async def test_without_the_database_every_part_reports_it_and_afterwards_all_is_right(
    mortal_mongo: MongoServer, vhost: Vhost, tmp_path: Path, mailbox: Mailbox
) -> None:
    async with RunningSystem(
        tmp_path, {**pair(vhost, mortal_mongo.url + SHORT), "BUSINESS_TIME": NOW}, smtp=mailbox.url
    ) as system:
        await system.process.ready()
        async with (
            WatchedRegency(system.url, system.issue) as regency,
            open_engines(system.process.environment) as engines,
        ):
            load = Load(regency, 8)
            await load.prepare()
            running = asyncio.create_task(load.run())
            await load.wait_for(2)
            early = follower_of(system)
            await early.read()
            events = await engines.last_events("registry", "agency")
            agency, innovation = next(iter(load.submitted.items()))

            await asyncio.to_thread(mortal_mongo.kill)
            for event in events:  # so that consumers need the store, too
                await engines.buses["registry"].publish(event.type, event.id, event.region, event.body, mandatory=True)
            await check_refusals(regency, agency, innovation)
            paused = await eventually(
                lambda: readiness(system),
                lambda parts: parts["notifications: consumer notifications.agencies"]["state"] == "paused",
            )
            assert paused["registry: store"]["ready"] is False
            assert await engines.parked() == []
            await check_alive(system)
            await asyncio.to_thread(mortal_mongo.start)

            await running
            await load.check_outcome(mailbox)
            await engines.wait_until_idle()
            await followers_have_the_present(engines, early, follower_of(system))
            assert not await metrics_of(system, "satu_retries_total"), "the absence was counted as failed attempts"
            await system.process.ready()
            await system.process.stop()
            assert await engines.unfinished() == []
