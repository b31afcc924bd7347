"""The regional index over HTTP.

Everybody sees the verified figure and its predicate; the claimed one, a forecast, is for curator and executive of the
region and the operator.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from services.scoring.api.parameters import Anyone, RegionInPath, YearInPath, is_inside
from services.scoring.catalogue.constants import Constants
from services.scoring.index.document import RegionIndex, index_id
from services.scoring.index.rounds import round_of
from services.scoring.kinds import REGION_INDEX
from services.scoring.views.indices import IndexAnswer, IndexPage, index_answer
from shared.contracts.fields import RegionCode
from shared.faults import NotFound
from shared.ports.store import Store
from shared.web.paging import paged
from shared.web.preconditions import etag


class WantedIndices(BaseModel):
    """What a list of indices asks for. year: of the national round."""

    region: RegionCode | None = Field(default=None, examples=["61.12"])
    year: int | None = Field(default=None, ge=2000, le=2100, examples=[2026])
    limit: int = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, max_length=2000)


class IndexRoutes:
    """Answers for `/indices`."""

    def __init__(self, store: Store, years: Mapping[int, Constants]) -> None:
        self._store = store
        self._years = years

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/indices", tags=["indices"])
        router.add_api_route(
            "", self.indices, methods=["GET"], summary="Indeks Inovasi Daerah", response_model=IndexPage
        )
        router.add_api_route(
            "/{region}/{year}", self.index, methods=["GET"], summary="Indeks satu daerah pada satu penjaringan",
            response_model=IndexAnswer,
        )  # fmt: skip
        return router

    async def indices(
        self, who: Anyone, request: Request, response: Response, wanted: Annotated[WantedIndices, Query()]
    ) -> Any:  # noqa: ANN401 - a page, see response_model
        """All indices that were asked for, by region and year."""
        where = wanted.model_dump(include={"region", "year"}, exclude_none=True)
        page = await self._store.find(REGION_INDEX.name, where, limit=wanted.limit, after=wanted.after)
        found = [RegionIndex.model_validate(each.state) for each in page.documents]
        items = [index_answer(each, inside=is_inside(who, each.region)) for each in found]
        return paged(request, response, items, page.after)

    async def index(self, who: Anyone, response: Response, region: RegionInPath, year: YearInPath) -> IndexAnswer:
        """The index of the national round of a year: innovations of any duty year that are of the round's age. A year
        whose formula needs a constant that no source gives is a problem `unknown-constant`."""
        round_of(self._years, year)
        document = await self._store.get(REGION_INDEX.name, index_id(region, year))
        if document is None:
            raise NotFound(f"Belum ada indeks {region} untuk penjaringan {year}.")
        etag(response, document.sequence)
        return index_answer(RegionIndex.model_validate(document.state), inside=is_inside(who, region))
