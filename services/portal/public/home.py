"""The first page: what this is, a search, the newest verified innovations, and the best of the last year."""

from __future__ import annotations

import asyncio

from fastapi import Request, Response

from services.portal.figures.places import ranking_chart
from services.portal.figures.words import word
from services.portal.model.model import Model
from services.portal.model.views.innovation import SearchQuery
from services.portal.model.views.ranking import RankingQuery
from services.portal.pages.language import _
from services.portal.pages.render import Pages
from services.portal.public.regions import known_regions
from services.portal.public.years import duty_years, present_year, ranked_year
from shared.auth.policy import Role
from shared.clock import Clock
from shared.web.routes import Routes, get

_NEWEST = 6
_BEST = 5


class HomePages(Routes):
    """The path `/`."""

    def __init__(self, pages: Pages, model: Model, clock: Clock) -> None:
        self._pages = pages
        self._model = model
        self._clock = clock

    @get("/", Role.PUBLIC)
    async def home(self, request: Request) -> Response:
        """The home page."""
        now = self._clock.now()
        regions = await known_regions(self._model)
        region = regions.only
        totals = await self._model.totals(None)
        year = ranked_year(totals.years, present_year(duty_years(regions.all, now), now, region))
        newest, best = await asyncio.gather(
            self._model.search(SearchQuery(), None, _NEWEST),
            self._model.ranking(RankingQuery(year=year, region=region.code if region else None), None, _BEST),
        )
        ranking = None
        if best.items:
            ranking = ranking_chart(best.items, _("Peringkat teratas {year}").format(year=year))
        return await self._pages(
            request,
            "public/home.html",
            regions=regions,
            newest=newest.items,
            ranking=ranking,
            totals=totals,
            freshness_state=self._model.freshness(),
            word=word,
        )
