"""What is to be done today: `/kurator`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.work.board.routes import counts_of
from services.portal.curator.work.desk import Desk
from services.portal.curator.work.queue import waited
from services.portal.model.views.innovation import InnovationQuery
from shared.auth.policy import Role
from shared.web.routes import Routes, get

MOST_SHOWN = 5


class HomePages(Routes):
    """The curator's first page. Everything on it comes from the read model."""

    prefix = "/kurator"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("", Role.CURATOR)
    async def home(self, request: Request) -> Response:
        """The longest waiting submissions, the duty of this year, and the index."""
        here = await self._desk.here(request)
        model, year = self._desk.model, here.duty_year
        page = await model.queue(here.region, limit=MOST_SHOWN)
        summary = await model.summary(here.region, year)
        queue = await model.queue_state(here.region)
        asked = await model.innovations(InnovationQuery(region=here.region, withdrawal_asked=True), limit=MOST_SHOWN)
        deadline = here.view.deadline(year) if here.view else None
        return await self._desk.pages(
            request,
            "curator/work/home.html",
            year=year,
            items=[(each, waited(each, here)) for each in page.items],
            waiting=queue.length,
            withdrawals=asked.items,
            overdue=summary.duties.overdue,
            counts=counts_of(summary),
            summary=summary,
            deadline=deadline if deadline and not deadline.cancelled else None,
            days_left=(deadline.date - here.today).days if deadline else 0,
            fresh=model.freshness(),
            zone=here.zone,
        )
