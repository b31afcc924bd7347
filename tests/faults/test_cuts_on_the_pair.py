"""SIGKILL between two steps on MongoDB and RabbitMQ: a choice of the moments; `make soak` goes through all."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.observability.failpoints import Failpoint
from tests.faults.test_kill_between_steps import MOST_ROUNDS, PLACES
from tests.servers.rabbit import Rabbit
from tests.servers.smtp import Mailbox
from tests.support.client import Regency
from tests.support.faults.engine_state import looking
from tests.support.faults.pair import pair
from tests.support.faults.processes import Town
from tests.support.faults.scenario import NOW, finish, live

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
"""Where the process dies: each place ends one life, and the next life is to end at the next place."""

ALL = [
    *(pytest.param(places, id=name) for name, places in CHOSEN.items()),
    *(pytest.param(places, id=f"after {name}", marks=pytest.mark.soak) for name, places in PLACES.items()),
]


def test_what_is_chosen_is_among_all() -> None:
    assert {place for lives in CHOSEN.values() for place in lives} <= {p for lives in PLACES.values() for p in lives}


@pytest.mark.parametrize("lives", ALL)
async def test_killed_there_the_distributed_system_ends_as_if_it_had_not_been(
    lives: tuple[str, ...], rabbit: Rabbit, mongo_url: str, tmp_path: Path, mailbox: Mailbox
) -> None:
    vhost = await rabbit.fresh_vhost()
    engines = pair(vhost, mongo_url)
    async with Town(tmp_path, {**engines, "BUSINESS_TIME": NOW}, smtp=mailbox.url, lives=lives) as town:
        await town.process.ready()
        rounds = 0
        async with looking(town.process.environment) as look:
            while town.process.deaths < len(lives):
                rounds += 1
                assert rounds <= MOST_ROUNDS, f"only {town.process.deaths} of {lives} were reached"
                async with Regency(town.url, town.issue, patience=60) as regency:
                    lived = await live(regency)
                    await finish(town, lived, mailbox)
            await look.at_rest()
            await town.process.stop()
            assert await look.left() == []
        # `finish` allows a second mail only where an attempt was open at a kill, which any kill may meet by chance.
        handed_over_twice = sum(place.startswith(Failpoint.ATTEMPT_MADE) for place in lives)
        assert len(mailbox.mails) >= rounds + handed_over_twice
