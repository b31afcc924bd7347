"""Competitions: the list, and one with its terms, its period and its standings. `/peringkat/lomba`."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

from fastapi import Request, Response

from services.portal.answered.competition import Competition
from services.portal.answered.ranking import Standings
from services.portal.model.model import Model
from services.portal.pages.render import Pages
from services.portal.public.filters import Filters, after_of, region_of, year_of
from services.portal.public.published.entrance import entrance_words
from services.portal.public.published.freezes import IdInPath
from services.portal.public.published.parts import parts_of
from services.portal.public.published.source import Published
from services.portal.public.regions import known_regions
from services.portal.public.years import duty_years, year_options
from shared.auth.policy import Role
from shared.clock import Clock
from shared.contracts.vocabulary import Zone
from shared.web.routes import Routes, get

HERE = "/peringkat/lomba"


class CompetitionPages(Routes):
    """The paths below `/peringkat/lomba`."""

    prefix = HERE

    def __init__(self, pages: Pages, model: Model, published: Published, clock: Clock) -> None:
        self._pages = pages
        self._model = model
        self._published = published
        self._clock = clock

    @get("", Role.PUBLIC)
    async def competitions(self, request: Request) -> Response:
        """All of them (`?daerah=`, `?tahun=`)."""
        regions = await known_regions(self._model)
        filters = Filters(region=region_of(request.query_params), year=year_of(request.query_params))
        after = after_of(request.query_params)
        now = self._clock.now()
        zones = {each.code: each.zone for each in regions.all}
        page = await self._published.competitions(filters.region, filters.year, after)
        items = None
        if page is not None:
            items = [
                (it, entrance_words(it.terms.entrance, now.astimezone(ZoneInfo(zones.get(it.region, Zone.WIB))).date()))
                for it in sorted(page.items, key=lambda each: (-each.terms.year, each.terms.name))
            ]
        return await self._pages(
            request,
            "public/published/competitions.html",
            regions=regions,
            years=year_options(duty_years(regions.all, now)),
            filters=filters,
            items=items,
            following=filters.address(HERE, page.next) if page and page.next else None,
            first=filters.address(HERE) if after else None,
        )

    @get("/{competition}", Role.PUBLIC)
    async def competition(self, request: Request, competition: IdInPath) -> Response:
        """One. With a jury its standings are shown once they are frozen: scoring refuses them before."""
        it = await self._published.competition(competition)
        path = f"{HERE}/{it.id}"
        standings, freezes = await asyncio.gather(self._standings(it), self._published.freezes_of(it.id))
        parts = parts_of(standings.cells, path, request.query_params) if standings else None
        area = await self._model.region(it.region)
        zone = area.zone if area else Zone.WIB
        return await self._pages(
            request,
            "public/published/competition.html",
            it=it,
            address=path,
            area=area,
            zone=zone,
            entrance=entrance_words(it.terms.entrance, self._clock.now().astimezone(ZoneInfo(zone)).date()),
            standings=standings,
            parts=parts,
            freezes=freezes,
            known=await self._model.innovations_by_id(parts.innovations) if parts else {},
        )

    async def _standings(self, it: Competition) -> Standings | None:
        return None if it.terms.jury else await self._published.standings(it.id)
