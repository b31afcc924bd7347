"""The catalogue of verified innovations, with search and filters."""

from __future__ import annotations

from fastapi import Request, Response

from services.portal.figures.words import options, word
from services.portal.model.model import Model
from services.portal.pages.render import Pages
from services.portal.public.filters import after_of, filters_of
from services.portal.public.regions import known_regions
from services.portal.public.years import duty_years, year_options
from shared.auth.policy import Role
from shared.clock import Clock
from shared.web.routes import Routes, get

_TO_A_PAGE = 24


class CataloguePages(Routes):
    """The path `/inovasi`."""

    prefix = "/inovasi"

    def __init__(self, pages: Pages, model: Model, clock: Clock) -> None:
        self._pages = pages
        self._model = model
        self._clock = clock

    @get("", Role.PUBLIC)
    async def catalogue(self, request: Request) -> Response:
        """The innovations that match, the newest first."""
        filters = filters_of(request.query_params)
        after = after_of(request.query_params)
        regions = await known_regions(self._model)
        found = await self._model.search(filters.search(), after, _TO_A_PAGE)
        return await self._pages(
            request,
            "public/catalogue.html",
            filters=filters,
            regions=regions,
            years=year_options(duty_years(regions.all, self._clock.now())),
            found=found.items,
            total=found.total,
            following=filters.address("/inovasi", found.after) if found.after else None,
            first=filters.address("/inovasi") if after else None,
            freshness_state=self._model.freshness(),
            options=options,
            word=word,
        )
