"""What waits for the curator: `/kurator/antrean`, the oldest first, and the list of all innovations."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from services.portal.curator.work import words
from services.portal.curator.work.chosen import Chosen
from services.portal.curator.work.desk import Desk, Here
from services.portal.model.views.innovation import InnovationQuery, InnovationView
from services.portal.model.views.listed import Listed
from shared.auth.policy import Role
from shared.web.routes import Routes, get

ON_A_PAGE = 50


class QueuePages(Routes):
    """Lists of innovations."""

    prefix = "/kurator"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @get("/antrean", Role.CURATOR)
    async def queue(self, request: Request) -> Response:
        """Submitted innovations, those first that have waited longest, and requests to withdraw."""
        here = await self._desk.here(request)
        model = self._desk.model
        after = request.query_params.get("sesudah")
        page = await model.queue(here.region, after=after, limit=ON_A_PAGE)
        asked = InnovationQuery(region=here.region, withdrawal_asked=True)
        withdrawals = await model.innovations(asked, limit=ON_A_PAGE) if after is None else None
        return await self._desk.pages(
            request,
            "curator/work/queue.html",
            items=[(each, waited(each, here)) for each in page.items],
            withdrawals=withdrawals.items if withdrawals else [],
            next_page=f"?{urlencode({'sesudah': page.after})}" if page.after else None,
            first_page="/kurator/antrean" if after else None,
            fresh=model.freshness(),
            words=words,
            zone=here.zone,
        )

    @get("/inovasi", Role.CURATOR)
    async def innovations(self, request: Request) -> Response:
        """All innovations of the region, by the fields of `Chosen`."""
        here = await self._desk.here(request)
        model, after = self._desk.model, request.query_params.get("sesudah")
        agency = await self._desk.agencies.of_query(here.region, request)
        chosen = replace(Chosen.of(request.query_params), agency=agency.id)
        page = Listed[InnovationView]()
        if not agency.problem:
            page = await model.innovations(chosen.query(here.region), after, ON_A_PAGE)
        return await self._desk.pages(
            request,
            "curator/work/list.html",
            items=page.items,
            chosen=chosen,
            agency=agency,
            years=[(each, each) for each in here.years],
            next_page=f"?{urlencode({**chosen.fields, 'sesudah': page.after})}" if page.after else None,
            first_page=f"?{urlencode(chosen.fields)}" if after else None,
            fresh=model.freshness(),
            words=words,
            zone=here.zone,
        )


def waited(it: InnovationView, here: Here) -> int | None:
    """For how many days it waits for the curator; None: it does not."""
    return days_since(it.waiting_since, here)


def days_since(moment: datetime | None, here: Here) -> int | None:
    """Local days since a moment; None for none."""
    return None if moment is None else (here.today - moment.astimezone(here.now.tzinfo).date()).days
