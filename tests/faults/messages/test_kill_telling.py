"""SIGKILL between any two steps of telling a decision, a lapsed question, a team that leaves, an idea or what a curator
asks for: each person is told each of them exactly once, except when the kill falls between the provider's answer and
our record of it."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from pathlib import Path

import pytest

from shared.observability.failpoints import Failpoint
from tests.support.faults.sending_process import taken
from tests.support.faults.telling_process import BY_HAND, CURATOR, FOR_CURATORS, HEARD, NOW
from tests.support.forks.process import environment_with, output_of
from tests.support.notifications_service import notifications_service, person_id

PEOPLE = (*HEARD, BY_HAND, CURATOR)
SENT_BY_MANY = range(1, len(PEOPLE) + 1)
STEPS = (
    *(Failpoint.ALERT_DUE, Failpoint.ALERT_TAKEN, Failpoint.MESSAGE_WRITTEN),
    *(Failpoint.ATTEMPT_OPENED, Failpoint.ATTEMPT_MADE, Failpoint.ATTEMPT_CLOSED),
)
PLACES = [
    *(f"{step}@{person_id(name)}" for step in STEPS for name in PEOPLE),
    *(f"{Failpoint.CHANGE_COMMITTED}@known_question/#{nth}" for nth in range(1, 9)),
    *(f"{Failpoint.CHANGE_COMMITTED}@known_idea/#{nth}" for nth in range(1, 4)),
    *(f"{step}@reminder_request/" for step in (Failpoint.CHANGE_DECIDED, Failpoint.CHANGE_COMMITTED)),
    *(f"{Failpoint.CHANGE_COMMITTED}@post/#{nth}" for nth in SENT_BY_MANY),
]
"""Where the process kills itself: each step of each message. One is drawn by the seed; `make soak` uses all."""

ALL = bool(os.environ.get("SOAK_SECONDS"))


async def run(folder: Path, where: str) -> int:
    """One process; its exit code."""
    done = await output_of(
        "tests.support.faults.telling_process", str(folder), where, environment=environment_with({}), within=120
    )
    assert done.status in (0, -signal.SIGKILL), done
    return done.status


@pytest.mark.timeout(600)
async def test_nobody_is_told_twice_or_never_wherever_the_process_is_killed(tmp_path: Path) -> None:
    for number, where in enumerate(PLACES if ALL else [random.choice(PLACES)]):
        print(f"killed at {where}")
        folder = tmp_path / str(number)
        folder.mkdir()

        # Given a process that is killed at this place, and another one that takes up what it left
        killed = await run(folder, where)
        assert killed == -signal.SIGKILL, where
        assert await run(folder, "never") == 0

        # Then every person got one mail, in which is what the person is to be told
        counted = Counter(attempt.partition("/")[0] for _, attempt in taken(folder))
        uncertain = where.partition("@")[0] == Failpoint.ATTEMPT_MADE
        assert set(counted) == {person_id(name) for name in PEOPLE}, where
        assert [count for count in counted.values() if count > 1] == [2] * uncertain, where
        async with notifications_service(folder, at=NOW) as service:
            alerts = [
                (await service.name_of(each.value.person), alert.reason.what)
                for each in await service.messages()
                for alert in each.value.alerts
            ]
        told = Counter(alerts)
        assert {what for name, what in told if name == CURATOR} >= set(FOR_CURATORS), where
        assert all(told[what, what] == 1 for what in (*HEARD, BY_HAND)), where
        assert set(told.values()) == {1}, where
