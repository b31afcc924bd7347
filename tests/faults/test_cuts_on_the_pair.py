"""SIGKILL between two steps, on MongoDB and RabbitMQ: a choice of the moments that the embedded pair goes all through."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.moments import Moment
from tests.faults.looking import looking
from tests.faults.pair import pair
from tests.faults.scenario import NOW, finish, live
from tests.faults.test_kill_between_steps import PLACES
from tests.faults.town import Town
from tests.journeys.client import Regency
from tests.servers.rabbit import Rabbit
from tests.servers.smtp import Mailbox

pytestmark = [pytest.mark.rabbit, pytest.mark.mongo, pytest.mark.timeout(240)]

HERE = [
    f"{Moment.CHANGE_DECIDED}@innovation/#7",
    f"{Moment.CHANGE_COMMITTED}@innovation/#7",
    f"{Moment.CHANGE_COMMITTED}@scorecard/",
    f"{Moment.CHANGE_COMMITTED}@obligation/",
    f"{Moment.RELAY_CLAIMED}@innovation/",
    f"{Moment.RELAY_PUBLISHED}@innovation/",
    f"{Moment.DELIVERY_TAKEN}@innovation/",
    f"{Moment.DELIVERY_HANDLED}@innovation/",
    f"{Moment.ALERT_TAKEN}@",
    f"{Moment.ATTEMPT_OPENED}@",
    f"{Moment.ATTEMPT_MADE}@",
    f"{Moment.ATTEMPT_CLOSED}@",
]
"""The others, in `make soak`."""


def places() -> list[object]:
    return [place if place in HERE else pytest.param(place, marks=pytest.mark.soak) for place in PLACES]


def test_what_is_chosen_is_among_all() -> None:
    assert set(HERE) <= set(PLACES)


@pytest.mark.parametrize("place", places())
async def test_killed_there_the_distributed_system_ends_as_if_it_had_not_been(
    place: str, rabbit: Rabbit, mongo_url: str, tmp_path: Path, mailbox: Mailbox
) -> None:
    vhost = await rabbit.fresh_vhost()
    engines = pair(vhost, mongo_url)
    async with Town(tmp_path, {**engines, "BUSINESS_TIME": NOW}, smtp=mailbox.url, where=place) as town:
        await town.process.ready()
        async with Regency(town.url, town.issue, patience=60) as regency, looking(town.process.environment) as look:
            lived = await live(regency)
            await finish(town, lived, mailbox, repeated=place.startswith(Moment.ATTEMPT_MADE))
            assert town.process.deaths == 1, town.process.log.read_text()[-2000:]
            await look.at_rest()
            await town.process.stop()
            assert await look.left() == []
