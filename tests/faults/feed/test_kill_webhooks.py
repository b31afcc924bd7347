"""SIGKILL after a webhook receiver has accepted an event and before that is known here: it comes again under the same
`webhook-id`, and nothing is lost."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook

from shared.auth.keys import Grant
from shared.auth.policy import Role
from shared.observability.failpoints import Failpoint
from tests.support.client import Api, eventually, issuing
from tests.support.faults.killed_process import WEBHOOK_LEASE
from tests.support.feed.process import running_feed
from tests.support.webhooks.receiver import Receiver, receiving

CHANGES = 12
PAIRS = ["embedded", pytest.param("distributed", marks=[pytest.mark.rabbit, pytest.mark.mongo, pytest.mark.soak])]
"""The pair in `make soak` only: the journeys hand over on it in every run."""

REGION = "61.12"  # of the source's events


def newest(receiver: Receiver, secret: str) -> dict[str, str]:
    """Subject → what was received last, in the form of `Source.newest`. Everything must be signed."""
    found = {}
    for each in receiver.requests:
        event = Webhook(secret).verify(each.body, each.headers)
        found[event["subject"]] = json.dumps(event, sort_keys=True)
    return found


@pytest.mark.timeout(120)
@pytest.mark.parametrize("engines", PAIRS, indirect=True)
async def test_what_was_accepted_when_the_process_died_comes_again_and_nothing_is_lost(
    engines: Mapping[str, str], tmp_path: Path
) -> None:
    dice = random.Random(seed := random.getrandbits(32))
    nth = dice.randint(1, 4)
    print(f"seed {seed}, killed at the hand-over {nth}")
    environment = {**engines, "WEBHOOK_NETWORKS": "127.0.0.0/8", WEBHOOK_LEASE: "0.7"}
    async with (
        receiving() as receiver,
        running_feed(tmp_path, environment, dice, (f"{Failpoint.WEBHOOK_ACCEPTED}@#{nth}",)) as feed,
    ):
        await feed.source.change(CHANGES)
        await feed.shows_the_present(feed.follower())
        token = issuing(feed.data)(Grant("kurator", Role.CURATOR, REGION))
        async with Api(feed.process.url, token) as curator:
            made = await curator.create("/feed/v1/endpoints", {"url": receiver.url, "region": REGION})

            async def missing() -> set[str]:
                got, wanted = newest(receiver, made["secret"]), feed.source.newest
                return {each for each in wanted if got.get(each) != wanted[each]}

            await eventually(missing, lambda them: not them, every=0.02)
            ids = list(receiver.ids)
            await feed.source.change(CHANGES)
            await eventually(missing, lambda them: not them, every=0.02)
            entries = await curator.every(f"/feed/v1/endpoints/{made['id']}/deliveries")

    assert (feed.process.deaths, feed.process.failure()) == (1, None)
    assert ids[nth - 1] == ids[nth]
    assert len(ids) == len(set(ids)) + 1, "nothing else comes twice"
    assert {each["result"] for each in entries} == {"accepted"}
