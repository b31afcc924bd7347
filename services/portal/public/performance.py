"""The published performance of alerts: how fast messages are handed over. Notifications measures it."""

from __future__ import annotations

from datetime import date

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict

from services.portal.figures.performance import performance_chart
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.client import Owners
from services.portal.pages.render import Pages
from shared.auth.policy import Role
from shared.web.routes import Routes, get

_DAYS = 30


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class DayFigures(_Shown):
    """A day of Western Indonesia. share_within_promise: 0…1, None for none."""

    day: date
    handed_over: int
    within_promise: int
    share_within_promise: float | None
    longest_seconds: float
    deferred: dict[str, int] = {}


class PerformanceFigures(_Shown):
    """See `GET /notifications/v1/performance`."""

    promised_seconds: int
    promised_share: float
    clock_is_set: bool = False
    handed_over: int
    within_promise: int
    share_within_promise: float | None
    days: tuple[DayFigures, ...]

    @property
    def kept(self) -> bool:
        """Whether the promise was kept over all days."""
        return self.share_within_promise is not None and self.share_within_promise >= self.promised_share


class PerformancePages(Routes):
    """The path `/kinerja`."""

    def __init__(self, pages: Pages, owners: Owners) -> None:
        self._pages = pages
        self._owners = owners

    @get("/kinerja", Role.PUBLIC)
    async def performance(self, request: Request) -> Response:
        """The figures of the last days; without notifications the page says that they are not to be had now."""
        figures = None
        try:
            answer = await self._owners.notifications(None).get("/performance", days=_DAYS)
            figures = PerformanceFigures.model_validate(answer.body)
        except (OwnerAway, OwnerProblem):
            pass
        chart = performance_chart(figures.days, figures.promised_share) if figures and figures.days else None
        return await self._pages(request, "public/performance.html", figures=figures, chart=chart, days=_DAYS)
