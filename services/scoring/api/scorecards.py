"""Routes `/scorecards`. They only read: scorecards follow from events.

The public and the operator see scorecards of verified innovations; an agency also its own; curator and executive also
their region's. A scorecard that the account may not see is answered with 404, as if there were none.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import BaseModel, Field

from services.scoring.api.parameters import ANYONE, Cursor, Id, PageLimit
from services.scoring.catalogue.library import Catalogues
from services.scoring.catalogue.maturity_bands import BandsFile
from services.scoring.kinds import SCORECARD
from services.scoring.scorecard.document import scorecard_in
from services.scoring.scorecard.visibility import may_see, visible
from services.scoring.views.scorecards import (
    NO_BANDS,
    ScorecardAnswer,
    ScorecardPage,
    scorecard_answer,
    scorecard_summary,
)
from shared.contracts.fields import RegionCode
from shared.faults import NotFound
from shared.ports.store import Store
from shared.web.paging import paged
from shared.web.preconditions import etag
from shared.web.routes import Routes, Who, get


class ScorecardQuery(BaseModel):
    """The filters of a list of scorecards. region: Kemendagri's code; year: of the duty."""

    region: RegionCode | None = Field(default=None, examples=["61.12"])
    agency: Id | None = Field(default=None)
    year: int | None = Field(default=None, ge=2000, le=2100, examples=[2025])
    limit: PageLimit = 50
    after: Cursor = None


class ScorecardRoutes(Routes):
    """Answers for `/scorecards`. bands: the regions' own words for a maturity."""

    prefix = "/scorecards"
    tag = "scorecards"

    def __init__(self, store: Store, catalogues: Catalogues, bands: BandsFile = NO_BANDS) -> None:
        self._store = store
        self._catalogues = catalogues
        self._bands = bands

    @get("", *ANYONE, summary="Kartu skor inovasi", response_model=ScorecardPage)
    async def scorecards(
        self, who: Who, request: Request, response: Response, query: Annotated[ScorecardQuery, Query()]
    ) -> dict[str, Any]:
        """Scorecards that the account may see, in pages. The operator's page over all regions may have fewer items than
        `limit`."""
        where = visible(who, region=query.region, agency=query.agency, year=query.year)
        page = await self._store.find(SCORECARD.name, where, limit=query.limit, after=query.after)
        documents = [scorecard_in(each.state) for each in page.documents]
        items = [scorecard_summary(each, self._catalogues, self._bands) for each in documents if each is not None]
        return paged(request, response, items, page.after)

    @get("/{innovation}", *ANYONE, hot=True, summary="Kartu skor satu inovasi, baris demi baris")
    async def scorecard(
        self,
        who: Who,
        response: Response,
        innovation: Annotated[Id, Path(examples=["0b7c1f9e-3f55-5d7c-9a53-1f0b0f6f2c11"])],
    ) -> ScorecardAnswer:
        """One scorecard, row by row."""
        stored = await self._store.get(SCORECARD.name, innovation)
        document = scorecard_in(stored.state) if stored else None
        if stored is None or document is None or not may_see(who, document):
            raise NotFound("Tidak ada kartu skor untuk inovasi ini yang dapat dilihat.")
        etag(response, stored.sequence)
        return scorecard_answer(document, self._catalogues, self._bands)
