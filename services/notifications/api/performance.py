"""The `/performance` route: how fast messages are handed over, day by day, open to the public."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from services.notifications.obligations.deadlines import local_date
from services.notifications.sending.histogram import BOUNDS, PROMISED, DayHistogram
from services.notifications.sending.repositories import performance_repository
from shared.auth.policy import EVERYBODY
from shared.clock import Clock
from shared.contracts.vocabulary import Zone
from shared.ports.store import ID, Range, Store
from shared.web.routes import Routes, get

MOST_DAYS = 366
FRESH = 60  # seconds for which an answer may be kept

Days = Annotated[int, Query(ge=1, le=MOST_DAYS, description="How many days back from today.", examples=[30])]

_EXAMPLE: JsonDict = {
    "promised_seconds": 10,
    "promised_share": 0.99,
    "clock_is_set": False,
    "handed_over": 5120,
    "within_promise": 5114,
    "share_within_promise": 0.9988,
    "days": [
        {
            "day": "2026-12-03",
            "handed_over": 5120,
            "within_promise": 5114,
            "share_within_promise": 0.9988,
            "buckets": [
                {"up_to_seconds": 1, "handed_over": 4007},
                {"up_to_seconds": 10, "handed_over": 1107},
                {"up_to_seconds": None, "handed_over": 6},
            ],
            "longest_seconds": 12.4,
            "deferred": {"quiet": 312},
        }
    ],
}


class Bucket(BaseModel):
    """How many were handed over within so many seconds, and not within fewer. up_to_seconds: null for all that took
    longer."""

    up_to_seconds: int | None
    handed_over: int


class DayPerformance(BaseModel):
    """One day of Western Indonesia. handed_over: messages that a provider accepted, measured from the moment at which
    they were due; share_within_promise: null for none; deferred: reason (`quiet`, `mode`, `pace`) → messages that were
    put off for it on purpose and are not in the other figures."""

    day: date
    handed_over: int
    within_promise: int
    share_within_promise: float | None
    buckets: list[Bucket]
    longest_seconds: float
    deferred: dict[str, int]


class PerformanceAnswer(BaseModel):
    """The figures of the days that have any, the newest first, and of all of them together. promised_share: what we
    promise to hand over within promised_seconds of being due; clock_is_set: business time was set, as a demonstration
    does. The days are then those of the set clock; what is measured are seconds that really passed, at most since the
    clock was set last."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    promised_seconds: int = PROMISED
    promised_share: float = 0.99
    clock_is_set: bool = False
    handed_over: int
    within_promise: int
    share_within_promise: float | None
    days: list[DayPerformance] = Field(max_length=MOST_DAYS)


class PerformanceRoutes(Routes):
    """It names no region, no agency and no person."""

    tag = "performance"

    def __init__(self, store: Store, clock: Clock) -> None:
        self._days = performance_repository(store)
        self._clock = clock

    @get("/performance", *EVERYBODY)
    async def read_performance(self, *, response: Response, days: Days = 30) -> PerformanceAnswer:
        """How long messages waited from the moment at which they were due until a provider had accepted them."""
        today = local_date(self._clock.now(), Zone.WIB)
        first = (today - timedelta(days=days - 1)).isoformat()
        page = await self._days.list(
            {ID: Range(least=first, most=today.isoformat())}, sort=[(ID, -1)], limit=MOST_DAYS, after=None
        )
        response.headers["Cache-Control"] = f"public, max-age={FRESH}"
        total = sum(each.value.total for each in page.items)
        in_time = sum(each.value.in_time for each in page.items)
        return PerformanceAnswer(
            clock_is_set=self._clock.set_at > 0,
            handed_over=total,
            within_promise=in_time,
            share_within_promise=_share(in_time, total),
            days=[_day(each.id, each.value) for each in page.items],
        )


def _day(id: str, figures: DayHistogram) -> DayPerformance:
    bounds = (*BOUNDS, None)
    return DayPerformance(
        day=date.fromisoformat(id),
        handed_over=figures.total,
        within_promise=figures.in_time,
        share_within_promise=_share(figures.in_time, figures.total),
        buckets=[
            Bucket(up_to_seconds=bound, handed_over=count) for bound, count in zip(bounds, figures.counts, strict=True)
        ],
        longest_seconds=round(figures.longest / 1000, 3),
        deferred=dict(figures.deferred),
    )


def _share(part: int, whole: int) -> float | None:
    """To four places, rounded down: 100 % is only what all of them were."""
    return part * 10_000 // whole / 10_000 if whole else None
