"""SIGKILL between two steps on MongoDB and RabbitMQ, at selected failpoints; `make soak` uses all."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.observability.failpoints import Failpoint
from tests.faults.test_kill_between_steps import MOST_ROUNDS, PLACES
from tests.servers.rabbit import Vhost
from tests.servers.smtp import Mailbox
from tests.support.client import Regency
from tests.support.faults.engine_state import open_engines
from tests.support.faults.pair import pair
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW, check_end_state, play
from tests.support.feed.truth import follower_of, followers_have_the_present

pytestmark = [pytest.mark.rabbit, pytest.mark.mongo, pytest.mark.timeout(400)]

CHOSEN: dict[str, tuple[str, ...]] = {
    "writing": (
        f"{Failpoint.CHANGE_DECIDED}@innovation/#7",
        f"{Failpoint.CHANGE_COMMITTED}@innovation/#7",
        f"{Failpoint.CHANGE_COMMITTED}@scorecard/",
        f"{Failpoint.CHANGE_COMMITTED}@obligation/",
    ),
    "carrying": (
        f"{Failpoint.RELAY_CLAIMED}@innovation/",
        f"{Failpoint.RELAY_PUBLISHED}@innovation/",
        f"{Failpoint.AUDIT_FILED}@#4",
        f"{Failpoint.DELIVERY_TAKEN}@innovation/",
        f"{Failpoint.DELIVERY_HANDLED}@innovation/",
    ),
    "telling": (
        f"{Failpoint.ALERT_TAKEN}@",
        f"{Failpoint.ATTEMPT_OPENED}@",
        f"{Failpoint.ATTEMPT_MADE}@",
        f"{Failpoint.ATTEMPT_CLOSED}@",
    ),
}
"""Where the process kills itself: each place ends one run, and the next run ends at the next place."""

ALL = [
    *(pytest.param(places, id=name) for name, places in CHOSEN.items()),
    *(pytest.param(places, id=f"after {name}", marks=pytest.mark.soak) for name, places in PLACES.items()),
]


def test_the_selection_is_a_part_of_all_places() -> None:
    assert {place for lives in CHOSEN.values() for place in lives} <= {p for lives in PLACES.values() for p in lives}


@pytest.mark.drawn(3, of="losses")
@pytest.mark.sampled(1)
@pytest.mark.parametrize("lives", ALL)
async def test_killed_there_the_distributed_system_ends_in_the_same_state(
    lives: tuple[str, ...], vhost: Vhost, mongo_url: str, tmp_path: Path, mailbox: Mailbox
) -> None:
    urls = pair(vhost, mongo_url)
    async with RunningSystem(tmp_path, {**urls, "BUSINESS_TIME": NOW}, smtp=mailbox.url, lives=lives) as system:
        await system.process.ready()
        rounds, early = 0, follower_of(system)
        await early.read()
        async with open_engines(system.process.environment) as engines:
            while system.process.deaths < len(lives):
                rounds += 1
                assert rounds <= MOST_ROUNDS, f"only {system.process.deaths} of {lives} were reached"
                async with Regency(system.url, system.issue, patience=60) as regency:
                    played = await play(regency)
                    await check_end_state(system, played, mailbox)
            await engines.wait_until_idle()
            await followers_have_the_present(engines, early, follower_of(system))
            await system.process.stop()
            assert await engines.unfinished() == []
        # `check_end_state` allows a second mail only where an attempt was open at a kill, which may happen at any kill.
        handed_over_twice = sum(place.startswith(Failpoint.ATTEMPT_MADE) for place in lives)
        assert len(mailbox.mails) >= rounds + handed_over_twice
