"""The pages of the executive, which the curator of the region sees too."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Path, Request, Response

from services.portal.executive.charts import charts_of
from services.portal.executive.late import late_rows
from services.portal.executive.overview import Overviews, local_day
from services.portal.executive.paper import print_overview
from services.portal.executive.recap import recap
from services.portal.model.model import Model
from services.portal.model.views.region import RegionView
from services.portal.owners.client import Owners
from services.portal.pages.language import _
from services.portal.pages.render import Pages
from services.portal.pages.session import signed_in
from services.portal.public.filters import after_of, year_of
from services.portal.public.years import duty_years, present_year
from shared.auth.policy import Role
from shared.clock import Clock
from shared.faults import NotFound
from shared.web.routes import Routes, get

_TO_A_PAGE = 50


class ExecutivePages(Routes):
    """The paths below `/pimpinan`. `?tahun=` is the year of the duty."""

    prefix = "/pimpinan"

    def __init__(self, pages: Pages, model: Model, owners: Owners, overviews: Overviews, clock: Clock) -> None:
        self._pages = pages
        self._model = model
        self._owners = owners
        self._overviews = overviews
        self._clock = clock

    @get("", Role.EXECUTIVE, Role.CURATOR)
    async def overview(self, request: Request) -> Response:
        """The one page: index, compliance, stages, rankings, who is late."""
        area = await self._area(request)
        it = await self._overviews.of(area, year_of(request.query_params), self._clock.now(), signed_in(request))
        return await self._pages(request, "executive/overview.html", it=it, charts=charts_of(it))

    @get("/terlambat", Role.EXECUTIVE, Role.CURATOR)
    async def late(self, request: Request) -> Response:
        """Every agency whose deadline has passed, in pages."""
        area = await self._area(request)
        year, after = self._year(request, area), after_of(request.query_params)
        found = await self._model.late(area.code, year, after, _TO_A_PAGE)
        following = urlencode({"tahun": year, "sesudah": found.after})
        return await self._pages(
            request,
            "executive/late.html",
            area=area,
            year=year,
            late=late_rows(found.items),
            following=f"/pimpinan/terlambat?{following}" if found.after else None,
            first=f"/pimpinan/terlambat?tahun={year}" if after else None,
            freshness_state=self._model.freshness(),
        )

    @get("/ringkasan.pdf", Role.EXECUTIVE, Role.CURATOR)
    async def paper(self, request: Request) -> Response:
        """The page on one A4."""
        area = await self._area(request)
        now = self._clock.now()
        it = await self._overviews.of(area, year_of(request.query_params), now, signed_in(request))
        return Response(
            await print_overview(it, local_day(area, now)),
            media_type="application/pdf",
            headers={
                "Content-Disposition": f'attachment; filename="ringkasan-{area.code}-{it.year}.pdf"',
                "Cache-Control": "no-store",
            },
        )

    @get("/rekap.{format}", Role.EXECUTIVE, Role.CURATOR)
    async def recap(self, request: Request, format: Annotated[Literal["pdf", "xlsx"], Path()]) -> Response:
        """The recap of all agencies, as notifications makes it."""
        area = await self._area(request)
        owner = self._owners.notifications(signed_in(request))
        return await recap(owner, area.code, self._year(request, area), format)

    def _year(self, request: Request, area: RegionView) -> int:
        now = self._clock.now()
        return year_of(request.query_params) or present_year(duty_years((area,), now, area.zone), now, area)

    async def _area(self, request: Request) -> RegionView:
        area = await self._model.region(signed_in(request).region or "")
        if area is None:
            raise NotFound(_("Daerah Anda belum ada di sini. Daftar ini mungkin sedang dibangun."))
        return area
