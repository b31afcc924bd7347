"""Route `/rankings`: the ranking as it is now.

Everybody sees rankings of verified results. The forecast by claims is for curator and executive of the region.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from services.scoring.api.parameters import ANYONE
from services.scoring.ranking.entry import Filter, Measure
from services.scoring.ranking.live import LiveRanking, LiveRankings
from services.scoring.ranking.visibility import require_measure
from services.scoring.views.rankings import RankingAnswer, ranking_answer
from shared.auth.policy import Principal
from shared.contracts.affairs import AFFAIR_NAMES
from shared.contracts.fields import RegionCode
from shared.contracts.vocabulary import AgencyKind, Form, Nature
from shared.faults import Flaw, Invalid
from shared.web.paging import paged
from shared.web.routes import Routes, Who, get


class RankingQuery(BaseModel):
    """Which ranking. kind: of agency; affair: the slug of the main affair; measure: `claimed` is the forecast."""

    year: int = Field(ge=2000, le=2100, examples=[2025])
    region: RegionCode | None = Field(default=None, examples=["61.12"])
    kind: AgencyKind | None = None
    form: Form | None = None
    affair: str | None = Field(default=None, max_length=100, examples=["kesehatan"])
    nature: Nature | None = None
    measure: Measure = Measure.VERIFIED

    async def ranking(self, who: Principal, rankings: LiveRankings) -> LiveRanking:
        """The ranking that is asked for. Raises Forbidden, and Invalid for an unknown affair."""
        require_measure(who, self.measure, self.region)
        if self.affair is not None and self.affair not in AFFAIR_NAMES:
            raise Invalid([Flaw("affair", "unknown", f"tidak ada urusan {self.affair!r}")])
        only = Filter(kind=self.kind, form=self.form, affair=self.affair, nature=self.nature)
        return await rankings.of_year(year=self.year, region=self.region, measure=self.measure, only=only)


class RankingPageQuery(RankingQuery):
    """A page of a ranking. after: the `next` of the page before."""

    limit: int = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, pattern=r"^[0-9]{1,7}$")


class RankingRoutes(Routes):
    """Answers for `/rankings`."""

    prefix = "/rankings"
    tag = "rankings"

    def __init__(self, rankings: LiveRankings) -> None:
        self._rankings = rankings

    @get("", *ANYONE, summary="Peringkat inovasi")
    async def ranking(
        self, who: Who, request: Request, response: Response, query: Annotated[RankingPageQuery, Query()]
    ) -> RankingAnswer:
        """The ranking as it is now, in pages."""
        live = await query.ranking(who, self._rankings)
        page = ranking_answer(
            live,
            region=query.region,
            year=query.year,
            measure=query.measure,
            start=int(query.after or 0),
            limit=query.limit,
        )
        paged(request, response, page.items, page.next)  # sets the Link header
        return page
