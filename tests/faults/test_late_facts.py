"""A submission of 23.59.59 whose event is late: its agency is never found overdue, whatever holds the event up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.notifications.obligations.entering import Entering
from shared.auth import keys
from shared.clock import Clock
from shared.contracts.event import Event
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.faults import BusAway, StoreAway, Unreadable
from shared.ports.bus import Bus, Fate, Outgoing
from shared.runtime.process import Running, running
from shared.settings import load
from tests.support.client import Regency, eventually, issuing
from tests.support.faults.on_published import on_published
from tests.support.faults.pair import pair
from tests.support.faults.scenario import EVIDENCE
from tests.support.registry_samples import valid_profile

YEAR = 2026
LAST_SECOND = datetime(YEAR, 12, 31, 23, 59, 59, tzinfo=ZoneInfo("Asia/Pontianak"))
MORNING = LAST_SECOND + timedelta(hours=9)

Fail = Callable[[pytest.MonkeyPatch, Running], None]


@pytest.fixture(params=["embedded", pytest.param("pair", marks=[pytest.mark.rabbit, pytest.mark.mongo])])
async def system(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Running, Regency, list[str]]]:
    """A system with the clock an hour before the deadline, and the types and subjects of its events."""
    async with AsyncExitStack() as stack:
        urls: dict[str, str] = {}
        if request.param == "pair":
            vhost = await stack.enter_async_context(request.getfixturevalue("rabbit").vhost())
            urls = pair(vhost, request.getfixturevalue("mongo_url"))
        settings = load({"DATA_DIR": str(tmp_path), "PORT": "0", "ADMIN_ADDRESS": ":0", "LOG_LEVEL": "error", **urls})
        keys.init(settings.root, settings.keys)
        async with running(settings, clock=Clock(LAST_SECOND - timedelta(hours=1))) as process:
            log: list[str] = []
            for bus in {process.resources[name].bus for name in ("registry", "notifications")}:
                _keep(bus, log)
            async with Regency(process.url, issuing(settings.root)) as regency:
                await regency.found()
                await regency.deadline(YEAR, date(YEAR, 12, 31))
                yield process, regency, log


def _keep(bus: Bus, log: list[str]) -> None:
    on_published(bus, lambda event: log.append(f"{event.type} {Event.decode(event.body).subject}"))


def handler_fails(monkeypatch: pytest.MonkeyPatch, _: Running) -> None:
    """The event waits on a rung."""

    async def fail(*_: object) -> None:
        raise ValueError("on a rung")

    monkeypatch.setattr(Entering, "enter", fail)


def event_is_parked(monkeypatch: pytest.MonkeyPatch, _: Running) -> None:
    """The event lies in the parked queue until an operator replays it."""

    async def fail(*_: object) -> None:
        raise Unreadable("parked")

    monkeypatch.setattr(Entering, "enter", fail)


def store_is_away(monkeypatch: pytest.MonkeyPatch, _: Running) -> None:
    """The subscription pauses, as with a replica that is gone with what it held."""

    async def fail(*_: object) -> None:
        raise StoreAway("paused")

    monkeypatch.setattr(Entering, "enter", fail)


def broker_is_away(monkeypatch: pytest.MonkeyPatch, process: Running) -> None:
    """The event stays in the registry's outbox."""
    bus = process.resources["registry"].bus
    publish = bus.publish_many

    async def fail(events: Sequence[Outgoing]) -> list[Fate]:
        others = [each for each in events if not each.type.startswith("innovation.")]
        fates = iter(await publish(others))
        return [next(fates) if each in others else BusAway("no broker") for each in events]

    monkeypatch.setattr(bus, "publish_many", fail)


INNOVATIONS = next(each for each in SUBSCRIPTIONS if (each.service, each.purpose) == ("notifications", "innovations"))
PAUSE = pytest.param(store_is_away, marks=pytest.mark.soak)  # it takes the 30 s of the rung


@pytest.mark.sampled(3)
@pytest.mark.parametrize("fails", [handler_fails, event_is_parked, broker_is_away, PAUSE])
async def test_who_submitted_in_the_last_second_is_not_told_that_it_is_late(
    system: tuple[Running, Regency, list[str]], monkeypatch: pytest.MonkeyPatch, fails: Fail
) -> None:
    process, regency, log = system
    punctual, idle = await regency.agency("Dinas Tepat"), await regency.agency("Dinas Diam")
    innovation = await regency.draft(punctual, valid_profile(applied_on="2026-05-05"), EVIDENCE)
    await regency.becomes(punctual, YEAR, "open")

    # Given a submission of the last second whose event is held up
    with monkeypatch.context() as patched:
        fails(patched, process)
        process.clock.move_to(LAST_SECOND)
        await regency.submit(innovation, punctual)

        # When the morning comes
        process.clock.move_to(MORNING)
        if fails is not broker_is_away:  # without a broker the registry cannot say what it found
            await regency.becomes(idle, YEAR, "overdue")
        waiting = await eventually(lambda: regency.obligation(punctual, YEAR), lambda duty: duty["waiting"] is not None)
        assert (waiting["status"], waiting["waiting"]) == ("open", "registry")

    bus = process.resources["notifications"].bus
    if fails is event_is_parked:
        ids = frozenset([each.id async for each in bus.parked(INNOVATIONS)])
        assert await bus.unpark(INNOVATIONS, ids, replay=True)

    # Then its duty is fulfilled in time as soon as the event arrives
    duty = await regency.becomes(punctual, YEAR, "fulfilled", within=60)
    assert (duty["on_time"], duty["late"], duty["counted"]) == (True, False, [innovation])
    await regency.becomes(idle, YEAR, "overdue")

    async def published() -> bool:
        return f"obligation.overdue obligation/{idle}/{YEAR}" in log

    await eventually(published)
    assert f"obligation.overdue obligation/{punctual}/{YEAR}" not in log, "\n".join(log)
