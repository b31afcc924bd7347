"""Open data: verified innovations, rankings and indices as CSV and JSON, and the page that names them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from fastapi import Path as InPath
from fastapi import Request, Response

from services.portal.model.model import Model
from services.portal.model.views.innovation import SearchQuery
from services.portal.model.views.ranking import RankingQuery
from services.portal.pages.render import Pages
from services.portal.public.filters import region_of, year_of
from services.portal.public.licence import LICENCE
from services.portal.public.open_downloads import open_files
from services.portal.public.open_files import MEDIA_TYPES, as_csv, as_json
from services.portal.public.open_rows import (
    INDEX_COLUMNS,
    INNOVATION_COLUMNS,
    RANKING_COLUMNS,
    Row,
    index_row,
    innovation_row,
    ranking_row,
)
from services.portal.public.regions import Regions, known_regions
from services.portal.public.years import duty_years, present_year, ranked_year, year_options
from shared.auth.policy import PRINCIPAL_KEY, Role
from shared.clock import Clock
from shared.web.download import FileGenerator
from shared.web.routes import Routes, get

_AT_ONCE = 100
_KEPT = "public, max-age=300"

Format = Annotated[Literal["csv", "json"], InPath()]


@dataclass(frozen=True)
class Chosen:
    """What a file is of. region, year: None: all."""

    regions: Regions
    region: str | None
    year: int | None


Rows = Callable[[Chosen], AsyncIterator[list[Row]]]


class OpenDataPages(Routes):
    """The paths below `/data`. Each file takes `?daerah=` and `?tahun=`."""

    prefix = "/data"

    def __init__(self, pages: Pages, model: Model, clock: Clock) -> None:
        self._pages = pages
        self._model = model
        self._clock = clock
        self._files = FileGenerator(at_once=3, public_at_once=2)

    @get("", Role.PUBLIC)
    async def page(self, request: Request) -> Response:
        """What there is, under which licence, and what the columns mean."""
        regions = await known_regions(self._model)
        region, year = region_of(request.query_params) or "", str(year_of(request.query_params) or "")
        return await self._pages(
            request,
            "public/open_data.html",
            regions=regions,
            years=year_options(duty_years(regions.all, self._clock.now())),
            chosen_region=region,
            chosen_year=year,
            files=open_files(region, year),
            licence=LICENCE,
            columns=INNOVATION_COLUMNS,
        )

    @get("/inovasi.{format}", Role.PUBLIC)
    async def innovations(self, request: Request, format: Format) -> Response:
        """All verified innovations."""
        return await self._file(request, "inovasi", format, INNOVATION_COLUMNS, self._innovations)

    @get("/peringkat.{format}", Role.PUBLIC)
    async def rankings(self, request: Request, format: Format) -> Response:
        """The ranking of a year."""
        return await self._file(request, "peringkat", format, RANKING_COLUMNS, self._places)

    @get("/indeks.{format}", Role.PUBLIC)
    async def indices(self, request: Request, format: Format) -> Response:
        """The index of each region and round, verified figures."""
        return await self._file(request, "indeks", format, INDEX_COLUMNS, self._indices)

    async def _file(
        self, request: Request, name: str, format: Literal["csv", "json"], columns: tuple[str, ...], rows: Rows
    ) -> Response:
        regions = await known_regions(self._model)
        chosen = Chosen(regions, region_of(request.query_params), year_of(request.query_params))
        parts = "-".join(str(each) for each in (name, chosen.region, chosen.year) if each)
        head = {
            "lisensi": LICENCE.name,
            "alamat_lisensi": LICENCE.address,
            "keadaan_per": self._clock.now().isoformat(),
        }
        pages = rows(chosen)
        pieces = as_csv(columns, pages) if format == "csv" else as_json(head, pages)

        async def write(path: Path) -> None:
            with path.open("wb") as file:
                async for piece in pieces:
                    file.write(piece)
                    await asyncio.sleep(0)  # others are answered in between

        answer = await self._files.send(request.scope[PRINCIPAL_KEY], f"{parts}.{format}", MEDIA_TYPES[format], write)
        answer.headers["Cache-Control"] = _KEPT
        answer.headers["Link"] = f'<{LICENCE.address}>; rel="license"'
        return answer

    async def _innovations(self, chosen: Chosen) -> AsyncIterator[list[Row]]:
        query = SearchQuery(region=chosen.region, year=chosen.year)
        after: str | None = None
        while True:
            page = await self._model.search(query, after, _AT_ONCE)
            yield [innovation_row(each, chosen.regions.name(each.region)) for each in page.items]
            after = page.after
            if after is None:
                return

    async def _places(self, chosen: Chosen) -> AsyncIterator[list[Row]]:
        now = self._clock.now()
        totals = await self._model.totals(chosen.region)
        year = chosen.year or ranked_year(totals.years, present_year(duty_years(chosen.regions.all, now), now))
        query = RankingQuery(year=year, region=chosen.region)
        after: str | None = None
        while True:
            page = await self._model.ranking(query, after, _AT_ONCE)
            yield [ranking_row(each, chosen.regions.name(each.innovation.region)) for each in page.items]
            after = page.after
            if after is None:
                return

    async def _indices(self, chosen: Chosen) -> AsyncIterator[list[Row]]:
        for region in chosen.regions.all:
            if chosen.region in {None, region.code}:
                found = await self._model.indices(region.code)
                yield [index_row(each, region.name) for each in found if chosen.year in {None, each.year}]
