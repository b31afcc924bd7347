"""Frozen rankings: the list, one with its places, its files and certificates. `/peringkat/beku`."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path, Request, Response

from services.portal.model.model import Model
from services.portal.owners.client import Owners
from services.portal.owners.passed_files import saved_file
from services.portal.pages.render import Pages
from services.portal.public.filters import Filters, after_of, region_of, year_of
from services.portal.public.published.parts import parts_of
from services.portal.public.published.source import Published
from services.portal.public.regions import known_regions
from services.portal.public.years import duty_years, year_options
from shared.auth.policy import Role
from shared.clock import Clock
from shared.contracts.fields import RegionCode
from shared.contracts.vocabulary import Zone
from shared.web.routes import Routes, get

HERE = "/peringkat/beku"
_FREEZE = "/{region}/{series}/{number}"

IdInPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
NumberInPath = Annotated[int, Path(ge=1, le=1_000_000)]


class FreezePages(Routes):
    """The paths below `/peringkat/beku`."""

    prefix = HERE

    def __init__(self, pages: Pages, model: Model, owners: Owners, published: Published, clock: Clock) -> None:
        self._pages = pages
        self._model = model
        self._owners = owners
        self._published = published
        self._clock = clock

    @get("", Role.PUBLIC)
    async def freezes(self, request: Request) -> Response:
        """All of them (`?daerah=`, `?tahun=`)."""
        regions = await known_regions(self._model)
        filters = Filters(region=region_of(request.query_params), year=year_of(request.query_params))
        after = after_of(request.query_params)
        page = await self._published.freezes(filters.region, filters.year, after)
        items = sorted(page.items, key=lambda each: each.frozen_at, reverse=True) if page else None
        return await self._pages(
            request,
            "public/published/freezes.html",
            regions=regions,
            zones={each.code: each.zone for each in regions.all},
            years=year_options(duty_years(regions.all, self._clock.now())),
            filters=filters,
            items=items,
            following=filters.address(HERE, page.next) if page and page.next else None,
            first=filters.address(HERE) if after else None,
        )

    @get(_FREEZE, Role.PUBLIC)
    async def freeze(self, request: Request, region: RegionCode, series: IdInPath, number: NumberInPath) -> Response:
        """One, with its places in pages."""
        path = f"{HERE}/{region}/{series}/{number}"
        it = await self._published.freeze(region, series, number)
        parts = parts_of(it.cells, path, request.query_params)
        area = await self._model.region(region)
        return await self._pages(
            request,
            "public/published/freeze.html",
            it=it,
            address=path,
            area=area,
            zone=area.zone if area else Zone.WIB,
            parts=parts,
            correction=await self._published.correction_of(it),
            known=await self._model.innovations_by_id(parts.innovations),
        )

    @get(f"{_FREEZE}/unduh.{{format}}", Role.PUBLIC)
    async def file(
        self, region: RegionCode, series: IdInPath, number: NumberInPath, format: Literal["csv", "xlsx", "json"]
    ) -> Response:
        """All places as a file."""
        return await saved_file(self._owners.scoring(None), f"/exports/freezes/{region}/{series}/{number}.{format}")

    @get(f"{_FREEZE}/piagam/{{innovation}}.pdf", Role.PUBLIC)
    async def certificate(
        self, region: RegionCode, series: IdInPath, number: NumberInPath, innovation: IdInPath
    ) -> Response:
        """The certificate of a place."""
        path = f"/exports/freezes/{region}/{series}/{number}/certificates/{innovation}.pdf"
        return await saved_file(self._owners.scoring(None), path)
