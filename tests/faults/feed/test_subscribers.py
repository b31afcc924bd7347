"""Subscribers over AMQP that sleep, crash before their ack, are slow, or are killed with a full queue harm nobody, and
find everything in the feed afterwards."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from statistics import median

import httpx2
import pytest

from tests.servers.rabbit import Vhost
from tests.servers.smtp import Mailbox
from tests.support.client import eventually
from tests.support.faults.engine_state import open_engines
from tests.support.faults.load import Load, WatchedRegency
from tests.support.faults.pair import pair
from tests.support.faults.process_state import check_alive
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW
from tests.support.feed.amqp import SHORT, be_slow, crash_before_ack, drained, hold_everything, queue_of, subscribe
from tests.support.feed.follower import Follower
from tests.support.feed.grants import subscriber
from tests.support.feed.truth import followers_have_the_present

pytestmark = [pytest.mark.rabbit, pytest.mark.mongo, pytest.mark.timeout(240)]

BAD = ("sleeps", "crashes", "slow", "holds")


async def test_subscribers_harm_nobody_and_find_everything_in_the_feed(
    vhost: Vhost, mongo_url: str, tmp_path: Path, mailbox: Mailbox
) -> None:
    environment = {**pair(vhost, mongo_url), "BUSINESS_TIME": NOW}
    async with RunningSystem(tmp_path, environment, smtp=mailbox.url) as system:
        await system.process.ready()
        async with (
            WatchedRegency(system.url, system.issue) as regency,
            open_engines(system.process.environment) as engines,
        ):
            load = Load(regency, 8)
            await load.prepare()
            before = [await timed(load, number) for number in range(3)]
            for name in BAD:
                await subscribe(vhost, name)
            bad = [
                asyncio.create_task(crash_before_ack(vhost, "crashes")),
                asyncio.create_task(be_slow(vhost, "slow", 1.0)),
                asyncio.create_task(hold_everything(vhost, "holds")),
            ]
            running = asyncio.create_task(load.run())
            meanwhile = [await timed(load, number) for number in range(3, 6)]
            await running
            await eventually(lambda: ready(vhost, "sleeps"), lambda count: count == SHORT)
            for each in bad:  # killed: nothing is acked, and what they held goes back to a full queue
                assert not each.done(), each
                each.cancel()
            await asyncio.gather(*bad, return_exceptions=True)
            after = [await timed(load, number) for number in range(6, 9)]

            await load.check_outcome(mailbox)
            await engines.wait_until_idle()
            await check_alive(system)
            assert not [status for status in regency.answers.statuses if status >= 500], regency.answers.statuses
            assert median([*meanwhile, *after]) < 2 * median(before) + 0.5, (before, meanwhile, after)

            whole = await followers_have_the_present(engines)
            for name in BAD:
                assert await ready(vhost, name) <= SHORT, name
                found = await drained(vhost, name)
                assert found.keys() < whole.keys(), "it has dropped, or nothing was proved"
                follower = Follower(system.url, system.issue(subscriber(name)))
                for event in found.values():
                    follower.keep(event)
                await followers_have_the_present(engines, follower)


async def timed(load: Load, number: int) -> float:
    """Seconds that an agency takes from its registration to its submission."""
    began = time.monotonic()
    await load.submit_one(f"Dinas Terukur {number}")
    return time.monotonic() - began


async def ready(vhost: Vhost, name: str) -> int:
    """How many messages wait in a subscriber's queue, of which the broker's figures come late."""
    admin = vhost.management
    async with httpx2.AsyncClient(base_url=admin.url, auth=(admin.user, admin.password), trust_env=False) as http:
        answer = await http.get(f"/api/queues/{vhost.name}/{queue_of(name)}")
        return int(answer.raise_for_status().json().get("messages_ready", 0))
