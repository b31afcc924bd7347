from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.requests import Request

from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.faults import Busy
from shared.runtime import backlog
from shared.runtime import lag as lag_module
from shared.runtime.installed import KNOWN
from shared.runtime.lag import Lag, subscriptions_to
from tests.support.events import agency_draft
from tests.support.pipeline import KIND, opened_bus, opened_store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with opened_store(tmp_path, "registry") as store:
        yield store


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[SqliteBus]:
    async with opened_bus(tmp_path) as bus:
        await bus.apply(SUBSCRIPTIONS)
        yield bus


def request(method: str) -> Request:
    return Request({"type": "http", "method": method, "path": "/", "headers": []})


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Both clocks of the machine go on by so many seconds."""
    machine, monotonic = Clock.machine, backlog.machine_seconds
    monkeypatch.setattr(Clock, "machine", staticmethod(lambda: machine() + timedelta(seconds=seconds)))
    for module in (lag_module, backlog):
        monkeypatch.setattr(module, "machine_seconds", lambda: monotonic() + seconds)


def test_nobody_is_slowed_down_for_what_can_be_rebuilt() -> None:
    heard = {each.name for name in KNOWN for each in subscriptions_to(name)}

    assert heard == {each.name for each in SUBSCRIPTIONS if not each.rebuilt}


async def test_without_lag_a_post_is_accepted(store: SqliteStore, bus: SqliteBus) -> None:
    lag = Lag("registry", store, bus)

    await lag.measure()
    await lag.intake(request("POST"))

    assert lag.seconds == 0


async def publish(bus: SqliteBus, *ids: str) -> None:
    for id in ids:
        await bus.publish("agency.registered", id, "61.12", b"{}", mandatory=True)


async def take(bus: SqliteBus, count: int) -> None:
    """Every consumer of the registry's agencies takes so many messages."""
    for subscription in subscriptions_to("registry"):
        if "agency.registered" in subscription.types:
            receiver = await bus.receive(subscription, prefetch=count)
            for _ in range(count):
                await receiver.ack(await receiver.take())
            await receiver.close()


async def test_while_a_growing_backlog_waits_for_more_than_a_minute_a_post_is_refused(
    store: SqliteStore, bus: SqliteBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    lag = Lag("registry", store, bus)
    await lag.measure()
    await publish(bus, "agency/1/1")
    later(monkeypatch, 61)

    await lag.measure()

    with pytest.raises(Busy, match="61 detik"):
        await lag.intake(request("POST"))
    await lag.intake(request("PUT"))  # corrections are still accepted


async def test_a_backlog_that_gets_shorter_refuses_nothing_however_old_it_is(
    store: SqliteStore, bus: SqliteBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(bus, *(f"agency/{number}/1" for number in range(6)))
    lag = Lag("registry", store, bus)
    await lag.measure()
    await take(bus, 3)
    await publish(bus, "agency/new/1")
    later(monkeypatch, 61)

    await lag.measure()
    await lag.intake(request("POST"))

    assert lag.seconds == 0


async def test_a_backlog_counts_from_the_start_of_this_process(
    store: SqliteStore, bus: SqliteBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(bus, "agency/1/1")
    with monkeypatch.context() as earlier:
        later(earlier, 3600)  # the process was down for an hour
        lag = Lag("registry", store, bus)
        await lag.measure()
        await publish(bus, "agency/2/1")
        await lag.measure()
        await lag.intake(request("POST"))
        assert 0 <= lag.seconds < 60

        later(earlier, 61)
        await publish(bus, "agency/3/1")
        await lag.measure()
        with pytest.raises(Busy, match="61 detik"):
            await lag.intake(request("POST"))


async def test_a_backlog_that_has_stopped_growing_for_a_minute_refuses_nothing(
    store: SqliteStore, bus: SqliteBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    lag = Lag("registry", store, bus)
    await lag.measure()
    await publish(bus, "agency/1/1")
    for seconds in (61, 30):
        later(monkeypatch, seconds)
        await lag.measure()
        assert lag.seconds > 60
    later(monkeypatch, 31)
    await lag.measure()

    await lag.intake(request("POST"))


async def test_what_is_held_or_rests_on_a_rung_does_not_wait(
    store: SqliteStore, bus: SqliteBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    lag = Lag("registry", store, bus)
    await lag.measure()
    await publish(bus, "agency/1/1")
    for subscription in subscriptions_to("registry"):
        if "agency.registered" in subscription.types:
            receiver = await bus.receive(subscription, prefetch=1)
            await receiver.take()
    later(monkeypatch, 61)

    await lag.measure()

    assert lag.seconds == 0


async def test_when_consumers_have_caught_up_a_post_is_accepted_again(
    store: SqliteStore, bus: SqliteBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    lag = Lag("registry", store, bus)
    await lag.measure()
    await publish(bus, "agency/1/1")
    later(monkeypatch, 61)
    await lag.measure()
    assert lag.seconds > 60
    await take(bus, 1)

    await lag.measure()
    await lag.intake(request("POST"))

    assert lag.seconds == 0


async def test_an_old_event_in_the_outbox_counts_only_while_the_relay_works(
    store: SqliteStore, bus: SqliteBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay_works = True
    lag = Lag("registry", store, bus, lambda: relay_works)
    await lag.measure()
    await store.change(KIND.name, "1", lambda _: ({"name": "x"}, agency_draft("1")))
    later(monkeypatch, 90)
    await lag.measure()
    assert lag.seconds == pytest.approx(90, abs=1)

    relay_works = False  # the broker is away: what is accepted waits in the outbox
    await lag.measure()

    assert (lag.seconds, lag.outbox_seconds) == (0.0, pytest.approx(90, abs=1))


async def test_a_lag_that_cannot_be_measured_counts_as_none(store: SqliteStore, tmp_path: Path) -> None:
    closed = SqliteBus(tmp_path / "closed.sqlite")
    lag = Lag("registry", store, closed)

    await lag.measure()

    assert lag.seconds == 0
