"""The public figures of how fast messages are handed over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from services.notifications.api.performance import PerformanceRoutes
from services.notifications.kinds import KINDS
from services.notifications.sending.histogram import DayHistogram
from services.notifications.sending.repositories import performance_repository
from shared.adapters.sqlite.store import SqliteStore
from shared.auth.policy import Principal
from shared.clock import Clock
from shared.faults import Unauthenticated
from shared.web.app import service_app
from tests.support.notifications_service import FixedClock

NOW = datetime(2026, 12, 3, 18, tzinfo=UTC)  # the 4th, 01.00 WIB


class NobodyGate:
    """A gate that lets nobody in."""

    async def enter(self, token: str) -> Principal:
        raise Unauthenticated(token)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "notifications.sqlite")
    await store.open(KINDS)
    yield store
    await store.close()


@pytest.fixture
async def http(store: SqliteStore) -> AsyncIterator[httpx2.AsyncClient]:
    app = service_app("notifications", PerformanceRoutes(store, FixedClock(NOW)).router(), NobodyGate())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://satu") as http:
        yield http


async def test_the_answer_says_that_business_time_was_set(store: SqliteStore) -> None:
    clock = Clock()
    app = service_app("notifications", PerformanceRoutes(store, clock).router(), NobodyGate())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://satu") as http:
        said = [(await http.get("/performance")).json()["clock_is_set"]]
        clock.move_to(NOW)
        said.append((await http.get("/performance")).json()["clock_is_set"])
    assert said == [False, True]


async def keep(store: SqliteStore, day: str, took: list[int], **deferred: int) -> None:
    figures = DayHistogram().with_more(took, deferred)
    assert figures is not None
    await performance_repository(store).create(day, figures)


async def test_anybody_reads_how_many_were_in_time_and_what_was_deferred(
    store: SqliteStore, http: httpx2.AsyncClient
) -> None:
    await keep(store, "2026-12-04", [400, 1_500, 9_999, 12_400], quiet=3)
    await keep(store, "2026-12-03", [800])

    answer = await http.get("/performance")
    figures = answer.json()

    assert answer.headers["cache-control"] == "public, max-age=60"
    assert [day["day"] for day in figures["days"]] == ["2026-12-04", "2026-12-03"]
    today = figures["days"][0]
    assert (today["handed_over"], today["within_promise"], today["share_within_promise"]) == (4, 3, 0.75)
    assert today["longest_seconds"] == 12.4
    assert today["deferred"] == {"quiet": 3}
    assert sum(bucket["handed_over"] for bucket in today["buckets"]) == 4
    assert (figures["handed_over"], figures["within_promise"], figures["share_within_promise"]) == (5, 4, 0.8)
    assert (figures["promised_seconds"], figures["promised_share"]) == (10, 0.99)


async def test_a_share_is_never_rounded_up(store: SqliteStore, http: httpx2.AsyncClient) -> None:
    await keep(store, "2026-12-04", [1] * 99_999 + [60_000])

    assert (await http.get("/performance")).json()["share_within_promise"] == 0.9999


async def test_days_before_the_period_and_no_days_at_all_are_left_out(
    store: SqliteStore, http: httpx2.AsyncClient
) -> None:
    assert (await http.get("/performance")).json()["share_within_promise"] is None
    await keep(store, "2026-12-02", [1])

    assert (await http.get("/performance", params={"days": 2})).json()["days"] == []
    assert len((await http.get("/performance", params={"days": 3})).json()["days"]) == 1
    assert (await http.get("/performance", params={"days": 0})).status_code == 422
