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
    moment = Clock.machine() + timedelta(seconds=seconds)
    monkeypatch.setattr(Clock, "machine", staticmethod(lambda: moment))


async def test_without_lag_a_post_is_accepted(store: SqliteStore, bus: SqliteBus) -> None:
    lag = Lag("registry", store, bus)

    await lag.measure()
    await lag.intake(request("POST"))

    assert lag.seconds == 0


async def test_while_consumers_lag_by_more_than_a_minute_a_post_is_refused(
    store: SqliteStore, bus: SqliteBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bus.publish("agency.registered", "agency/1/1", b"{}", mandatory=True)
    lag = Lag("registry", store, bus)
    later(monkeypatch, 61)

    await lag.measure()

    with pytest.raises(Busy, match="61 detik"):
        await lag.intake(request("POST"))
    await lag.intake(request("PUT"))  # corrections are still accepted


async def test_when_consumers_have_caught_up_a_post_is_accepted_again(
    store: SqliteStore, bus: SqliteBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bus.publish("agency.registered", "agency/1/1", b"{}", mandatory=True)
    lag = Lag("registry", store, bus)
    later(monkeypatch, 61)
    await lag.measure()
    for subscription in subscriptions_to("registry"):
        if "agency.registered" in subscription.types:
            receiver = await bus.receive(subscription, prefetch=1)
            await receiver.ack(await receiver.take())
            await receiver.close()

    await lag.measure()
    await lag.intake(request("POST"))

    assert lag.seconds == 0


async def test_an_old_event_in_the_outbox_counts_only_while_the_relay_works(
    store: SqliteStore, bus: SqliteBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.change(KIND.name, "1", lambda _: ({"name": "x"}, agency_draft("1")))
    relay_works = True
    lag = Lag("registry", store, bus, lambda: relay_works)
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
