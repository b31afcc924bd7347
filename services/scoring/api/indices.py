"""Routes `/indices`: the regional index of national rounds.

Everybody sees the verified figure and its predicate; the claimed one, a forecast, is for curator and executive of the
region and the operator.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from services.scoring.api.parameters import ANYONE, Cursor, PageLimit, RegionInPath, YearInPath
from services.scoring.catalogue.constants import Constants
from services.scoring.index.document import RegionIndex, index_id
from services.scoring.index.rounds import round_of
from services.scoring.kinds import REGION_INDEX
from services.scoring.scorecard.visibility import sees_claimed_index
from services.scoring.views.indices import IndexAnswer, IndexPage, index_answer
from shared.contracts.fields import RegionCode
from shared.faults import NotFound
from shared.ports.store import Store
from shared.web.paging import paged
from shared.web.preconditions import etag
from shared.web.routes import Routes, Who, get


class IndexQuery(BaseModel):
    """The filters of a list of indices. year: of the national round."""

    region: RegionCode | None = Field(default=None, examples=["61.12"])
    year: int | None = Field(default=None, ge=2000, le=2100, examples=[2026])
    limit: PageLimit = 50
    after: Cursor = None


class IndexRoutes(Routes):
    """Answers for `/indices`."""

    prefix = "/indices"
    tag = "indices"

    def __init__(self, store: Store, years: Mapping[int, Constants]) -> None:
        self._store = store
        self._years = years

    @get("", *ANYONE, summary="Indeks Inovasi Daerah", response_model=IndexPage)
    async def indices(
        self, who: Who, request: Request, response: Response, query: Annotated[IndexQuery, Query()]
    ) -> dict[str, Any]:
        """Indices by region and year, in pages."""
        where = query.model_dump(include={"region", "year"}, exclude_none=True)
        page = await self._store.find(REGION_INDEX.name, where, limit=query.limit, after=query.after)
        found = [RegionIndex.model_validate(each.state) for each in page.documents]
        items = [index_answer(each, inside=sees_claimed_index(who, each.region)) for each in found]
        return paged(request, response, items, page.after)

    @get("/{region}/{year}", *ANYONE, summary="Indeks satu daerah pada satu penjaringan")
    async def index(self, who: Who, response: Response, region: RegionInPath, year: YearInPath) -> IndexAnswer:
        """The index of the national round of a year: innovations of any duty year that are of the round's age. A year
        whose formula needs a constant that no source gives is a problem `unknown-constant`."""
        round_of(self._years, year)
        document = await self._store.get(REGION_INDEX.name, index_id(region, year))
        if document is None:
            raise NotFound(f"Belum ada indeks {region} untuk penjaringan {year}.")
        etag(response, document.sequence)
        return index_answer(RegionIndex.model_validate(document.state), inside=sees_claimed_index(who, region))
