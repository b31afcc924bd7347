"""SIGKILL between any two steps of the path from a request to `alert.sent`, on both engine pairs; then the end state is
as if it had not happened."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from shared.observability.failpoints import Failpoint
from tests.servers.smtp import Mailbox
from tests.support.client import Regency
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW, check_end_state, play

_CHANGED = ("region", "agency", "innovation", "known_region", "scorecard", "obligation", "contact", "post", "message")
_TOLD = ("region", "agency", "innovation", "scorecard", "obligation", "message")
_HEARD = ("region", "agency", "innovation")

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
        f"{Failpoint.CHANGE_COMMITTED}@innovation/#7",  # handing in, after drafting and five rows of evidence
    ),
    "a claim": tuple(f"{Failpoint.RELAY_CLAIMED}@{kind}/" for kind in _TOLD),
    "a confirm": tuple(f"{Failpoint.RELAY_PUBLISHED}@{kind}/" for kind in _TOLD),
    "a settlement": tuple(f"{Failpoint.RELAY_SETTLED}@{kind}/" for kind in _TOLD),
    "a delivery": tuple(f"{Failpoint.DELIVERY_TAKEN}@{kind}/" for kind in _HEARD),
    "a handler": tuple(f"{Failpoint.DELIVERY_HANDLED}@{kind}/" for kind in _HEARD),
    "an ack": tuple(f"{Failpoint.DELIVERY_ACKED}@{kind}/" for kind in _HEARD),
    "an alert": (f"{Failpoint.ALERT_DUE}@", f"{Failpoint.ALERT_TAKEN}@", f"{Failpoint.MESSAGE_WRITTEN}@"),
    "an attempt": (f"{Failpoint.ATTEMPT_OPENED}@", f"{Failpoint.ATTEMPT_CLOSED}@"),
    "a hand-over": (f"{Failpoint.ATTEMPT_MADE}@",),
}
"""Where the process dies: each place ends one life, and the next life is to end at the next place."""

AT_MOST = len(_CHANGED) + 1 if os.environ.get("SOAK_SECONDS") else 4
"""Places of one moment in one run, drawn by the run's seed: all of them under `make soak`."""

MOST_ROUNDS = 12


def test_every_moment_is_a_place_to_die() -> None:
    assert {place.partition("@")[0] for places in PLACES.values() for place in places} == set(Failpoint)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("after", PLACES)
async def test_killed_after(after: str, tmp_path: Path, mailbox: Mailbox) -> None:
    """The embedded system: a life ends at each place; every region that was lived through ends as it should."""
    drawn = random.sample(range(len(PLACES[after])), min(AT_MOST, len(PLACES[after])))
    lives = tuple(PLACES[after][each] for each in sorted(drawn))
    print(f"dies at {lives}")
    async with RunningSystem(tmp_path, {"BUSINESS_TIME": NOW}, smtp=mailbox.url, lives=lives) as system:
        await system.process.ready()
        rounds = 0
        while system.process.deaths < len(lives):
            rounds += 1
            assert rounds <= MOST_ROUNDS, f"only {system.process.deaths} of {lives} were reached"
            async with Regency(system.url, system.issue, patience=60) as regency:
                played = await play(regency)
                await check_end_state(system, played, mailbox)
        if after == "a hand-over":
            assert len(mailbox.mails) == rounds + 1  # the one that the server had taken when the process died
        if after == "an attempt":
            assert len(mailbox.mails) == rounds  # nothing had been handed over, or all was recorded
