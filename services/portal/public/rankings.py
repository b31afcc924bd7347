"""The ranking of verified innovations of a year, in a region or everywhere."""

from __future__ import annotations

from dataclasses import replace

from fastapi import Request, Response

from services.portal.figures.movements import Movements
from services.portal.figures.places import movement_words, ranking_chart
from services.portal.figures.words import options
from services.portal.model.model import Model
from services.portal.model.views.ranking import RankingQuery
from services.portal.pages.language import _
from services.portal.pages.render import Pages
from services.portal.public.filters import after_of, filters_of
from services.portal.public.regions import known_regions
from services.portal.public.years import duty_years, present_year, ranked_year, year_options
from shared.auth.policy import Role
from shared.clock import Clock
from shared.web.routes import Routes, get

_TO_A_PAGE = 50
_DRAWN = 10


class RankingPages(Routes):
    """The path `/peringkat`."""

    def __init__(self, pages: Pages, model: Model, movements: Movements, clock: Clock) -> None:
        self._pages = pages
        self._model = model
        self._movements = movements
        self._clock = clock

    @get("/peringkat", Role.PUBLIC)
    async def ranking(self, request: Request) -> Response:
        """A page of the ranking; the first shows its best places as a chart."""
        filters = filters_of(request.query_params)
        after = after_of(request.query_params)
        regions = await known_regions(self._model)
        area = regions.find(filters.region) or regions.only
        now = self._clock.now()
        years = duty_years((area,) if area else regions.all, now)
        totals = await self._model.totals(area.code if area else None)
        year = filters.year or ranked_year(totals.years, present_year(years, now, area))
        filters = replace(filters, year=year)
        query = RankingQuery(
            year=year,
            region=area.code if area else None,
            form=filters.form,
            nature=filters.nature,
            main_affair=filters.affair,
            kind=filters.kind,
        )
        found = await self._model.ranking(query, after, _TO_A_PAGE)
        places = await self._movements.of(query, found.items)
        chart = None
        if after is None and places:
            chart = ranking_chart(places[:_DRAWN], _("Sepuluh teratas {year}").format(year=year))
        return await self._pages(
            request,
            "public/rankings.html",
            regions=regions,
            area=area,
            years=year_options(years),
            year=year,
            filters=filters,
            options=options,
            places=places,
            chart=chart,
            compared=any(each.movement for each in places),
            movement_words=movement_words,
            following=filters.address("/peringkat", found.after) if found.after else None,
            first=filters.address("/peringkat") if after else None,
            freshness_state=self._model.freshness(),
        )
