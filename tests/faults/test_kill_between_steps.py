"""SIGKILL between any two steps of the path from a request to `alert.sent`, on the embedded engines: the end state is
the same as without it."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from shared.observability.failpoints import Failpoint
from tests.faults.feed.test_kill_feed import PLACES as FEED_PLACES
from tests.faults.messages.test_kill_sending import PLACES as SENDING_PLACES
from tests.servers.smtp import Mailbox
from tests.support.client import Regency
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW, check_end_state, play

_CHANGED = (
    *("region", "agency", "innovation", "deadline", "known_region", "known_deadline", "scorecard"),
    *("entry", "obligation", "membership", "contact", "post", "message"),
)
_PUBLISHED = ("region", "agency", "innovation", "deadline", "scorecard", "obligation", "message")
_CONSUMED = ("region", "agency", "innovation", "deadline", "scorecard")

PLACES: dict[str, tuple[str, ...]] = {
    "a command": (
        f"{Failpoint.COMMAND_RECEIVED}@#3",
        f"{Failpoint.COMMAND_RECEIVED}@#5",
        f"{Failpoint.COMMAND_RECEIVED}@#9",
    ),
    "a decision": (
        *(f"{Failpoint.CHANGE_DECIDED}@{kind}/" for kind in _CHANGED),
        f"{Failpoint.CHANGE_DECIDED}@innovation/#7",
    ),
    "a commit": (
        *(f"{Failpoint.CHANGE_COMMITTED}@{kind}/" for kind in _CHANGED),
        f"{Failpoint.CHANGE_COMMITTED}@innovation/#7",  # the submission, after the draft and five rows of evidence
    ),
    "a claim": tuple(f"{Failpoint.RELAY_CLAIMED}@{kind}/" for kind in _PUBLISHED),
    "a confirm": tuple(f"{Failpoint.RELAY_PUBLISHED}@{kind}/" for kind in _PUBLISHED),
    "an audit entry": tuple(f"{Failpoint.AUDIT_FILED}@#{number}" for number in (1, 4, 9)),
    "a settlement": tuple(f"{Failpoint.RELAY_SETTLED}@{kind}/" for kind in _PUBLISHED),
    "a delivery": tuple(f"{Failpoint.DELIVERY_TAKEN}@{kind}/" for kind in _CONSUMED),
    "a handler": tuple(f"{Failpoint.DELIVERY_HANDLED}@{kind}/" for kind in _CONSUMED),
    "an ack": tuple(f"{Failpoint.DELIVERY_ACKED}@{kind}/" for kind in _CONSUMED),
    "a region": (f"{Failpoint.REGION_RECOMPUTED}@",),
    "an alert": (f"{Failpoint.ALERT_DUE}@", f"{Failpoint.ALERT_TAKEN}@", f"{Failpoint.MESSAGE_WRITTEN}@"),
    "an attempt": (f"{Failpoint.ATTEMPT_OPENED}@", f"{Failpoint.ATTEMPT_CLOSED}@"),
    "a hand-over": (f"{Failpoint.ATTEMPT_MADE}@",),
}
"""Where the process kills itself: each place ends one run, and the next run ends at the next place."""

AT_MOST = len(_CHANGED) + 1 if os.environ.get("SOAK_SECONDS") else 4
"""The number of places of one failpoint in one test run, drawn by its seed; `make soak` uses all."""

MOST_ROUNDS = 12


def test_every_failpoint_is_a_place() -> None:
    everywhere = [*PLACES.values(), *SENDING_PLACES.values(), FEED_PLACES]
    elsewhere = {  # test_kill_webhooks.py, portal/test_kill_model.py
        Failpoint.WEBHOOK_ACCEPTED,
        Failpoint.MODEL_FOLLOWED,
        Failpoint.MODEL_WRITTEN,
        Failpoint.BOARD_COUNTED,
        Failpoint.SUMMARY_WRITTEN,
    }
    assert {place.partition("@")[0] for places in everywhere for place in places} == set(Failpoint) - elsewhere


@pytest.mark.sampled(7)
@pytest.mark.timeout(300)
@pytest.mark.parametrize("after", PLACES)
async def test_killed_after(after: str, tmp_path: Path, mailbox: Mailbox) -> None:
    """One run ends at each place, and the scenario in each region ends in the expected state."""
    drawn = random.sample(range(len(PLACES[after])), min(AT_MOST, len(PLACES[after])))
    lives = tuple(PLACES[after][each] for each in sorted(drawn))
    print(f"killed at {lives}")
    async with RunningSystem(tmp_path, {"BUSINESS_TIME": NOW}, smtp=mailbox.url, lives=lives) as system:
        await system.process.ready()
        rounds = 0
        while system.process.deaths < len(lives):
            rounds += 1
            assert rounds <= MOST_ROUNDS, f"only {system.process.deaths} of {lives} were reached"
            async with Regency(system.url, system.issue, patience=60) as regency:
                played = await play(regency)
                await check_end_state(system, played, mailbox)
        again = len(mailbox.mails) - len({mail.message_id for mail in mailbox.mails})
        if after == "a hand-over":
            assert again == 1  # the server had accepted one when the process was killed
        if after == "an attempt":
            assert again == 0  # no mail had been sent, or its result was recorded
