"""SIGKILL between any two steps from a delivery to the counts of the board: the read model answers in the end what one
answers that was never disturbed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.portal.model.kinds import KINDS
from services.portal.model.model import Model
from services.portal.model.views.freshness import Freshness
from shared.contracts.event import Event
from shared.contracts.event_types import CONTRACTS
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.observability.failpoints import Failpoint
from shared.ports.bus import Bus, SelfProvisioning
from shared.runtime.engines import Engines
from shared.settings import load
from tests.support.client import eventually
from tests.support.faults.processes import Process
from tests.support.portal_model.answers import answers
from tests.support.portal_model.story import Story
from tests.support.portal_model.told import told_model

PLACES = (
    f"{Failpoint.DELIVERY_TAKEN}@",
    f"{Failpoint.CHANGE_DECIDED}@board/",
    f"{Failpoint.MODEL_WRITTEN}@",
    f"{Failpoint.MODEL_FOLLOWED}@",
    f"{Failpoint.BOARD_COUNTED}@",
    f"{Failpoint.SUMMARY_WRITTEN}@",
    f"{Failpoint.DELIVERY_HANDLED}@",
    f"{Failpoint.DELIVERY_ACKED}@",
)
AT_MOST = 3 * len(PLACES) if os.environ.get("SOAK_SECONDS") else 2
"""The number of kills of one test, drawn by its seed."""

EVENTS = 30  # for each life
PATIENCE = 1.0  # seconds in which a process that is given them reaches its failpoint


@pytest.mark.sampled(1)
@pytest.mark.timeout(300)
async def test_a_kill_loses_nothing_of_the_read_model(engines: Mapping[str, str], tmp_path: Path) -> None:
    dice = random.Random(seed := random.getrandbits(32))
    lives = tuple(f"{place}#{dice.randint(1, 3)}" for place in dice.sample(PLACES * 3, AT_MOST))
    print(f"seed {seed}, killed at {lives}")
    environment = {"DATA_DIR": str(tmp_path / "data"), "LOG_FORMAT": "json", **engines}
    process, story = Process(("serve", "portal"), environment, tmp_path / "portal.log", lives), Story(dice)
    told: list[Event] = []
    async with _owners(environment) as owners:
        await process.start()
        try:
            await process.ready()
            rounds = 0
            while process.deaths < len(lives):
                rounds += 1
                assert rounds < 10 * len(lives), f"only {process.deaths} of {lives} were reached"
                deaths = process.deaths
                told += await _publish(owners, story.events(EVENTS), dice)
                await _has_died(process, deaths)
            told += await _publish(owners, story.events(EVENTS), dice)
            await process.ready()
            await _answers_as_undisturbed(environment, told, tmp_path / "undisturbed")
            assert process.failure() is None
        finally:
            await process.stop()


async def _answers_as_undisturbed(environment: Mapping[str, str], told: list[Event], folder: Path) -> None:
    async with told_model(folder) as undisturbed:
        await undisturbed.tell(*told)
        wanted = await answers(await undisturbed.counted())
    store = Engines(load(environment)).store("portal")
    await store.open(KINDS)
    try:
        model = Model(store, lambda: Freshness(building=False, as_of=None))
        await eventually(lambda: answers(model), lambda found: found == wanted, within=30)
    finally:
        await store.close()


@asynccontextmanager
async def _owners(environment: Mapping[str, str]) -> AsyncIterator[Mapping[str, Bus]]:
    """The bus as each service that publishes may use it."""
    buses = {name: Engines(load(environment)).bus(name) for name in ("registry", "scoring", "notifications")}
    for bus in buses.values():
        await bus.open()
        if isinstance(bus, SelfProvisioning):
            await bus.apply(SUBSCRIPTIONS)
    try:
        yield buses
    finally:
        for bus in buses.values():
            await bus.close()


async def _publish(owners: Mapping[str, Bus], events: Iterable[Event], dice: random.Random) -> list[Event]:
    """One in five twice. Returns them, each once."""
    published = list(events)
    for event in published:
        bus = owners[CONTRACTS[event.type].source]
        for _ in range(1 + (dice.random() < 0.2)):
            await bus.publish(event.type, event.id, event.region, event.encode(), mandatory=False)
    return published


async def _has_died(process: Process, deaths: int) -> None:
    """Wait until it has died once more, or does not die of what it was given."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while process.deaths == deaths:  # noqa: ASYNC110 - it says so to nobody
                await asyncio.sleep(0.02)
