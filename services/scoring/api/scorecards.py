"""The HTTP routes of scoring, below `/scoring/v1`. They only read: what scores is heard, never commanded.

The public sees scorecards of verified innovations; an agency also its own; curator and executive also their region's;
the operator all. Whoever may not see a scorecard is answered as if there were none.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field, StringConstraints

from services.scoring.api.parameters import Anyone, CatalogueName
from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.library import Catalogues
from services.scoring.catalogue.maturity_bands import BandsFile
from services.scoring.kinds import SCORECARD
from services.scoring.scorecard.document import ScorecardDocument
from services.scoring.scorecard.visibility import may_see, sight
from services.scoring.views.scorecards import (
    NO_BANDS,
    CatalogueAnswer,
    CataloguePage,
    DifferencesAnswer,
    ScorecardAnswer,
    ScorecardPage,
    catalogue_answer,
    catalogue_summary,
    differences_answer,
    summary,
    whole,
)
from shared.contracts.fields import RegionCode
from shared.faults import NotFound
from shared.ports.store import Store
from shared.web.paging import paged
from shared.web.preconditions import etag

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class Wanted(BaseModel):
    """What a list asks for. region: Kemendagri's code; year: of the duty; limit: how many a page holds at most; after:
    the cursor of the page before."""

    region: RegionCode | None = Field(default=None, examples=["61.12"])
    agency: Id | None = Field(default=None)
    year: int | None = Field(default=None, ge=2000, le=2100, examples=[2025])
    limit: int = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, max_length=2000)


def routes(store: Store, catalogues: Catalogues, bands: BandsFile = NO_BANDS) -> APIRouter:
    """The router. bands: the regions' own words for a maturity."""
    router = APIRouter()

    def found(name: str) -> Catalogue:
        if name not in catalogues:
            raise NotFound(f"Tidak ada katalog {name}; yang ada: {', '.join(sorted(catalogues))}.")
        return catalogues[name]

    @router.get("/catalogues", tags=["catalogues"], summary="Semua katalog indikator")
    async def every_catalogue(_: Anyone) -> CataloguePage:
        newest_first = sorted(catalogues.values(), key=lambda each: (each.year, each.revision), reverse=True)
        return CataloguePage(items=[catalogue_summary(each) for each in newest_first])

    @router.get("/catalogues/{name}", tags=["catalogues"], summary="Satu katalog: indikator, level, rentang, konstanta")
    async def catalogue(
        _: Anyone,
        response: Response,
        name: Annotated[CatalogueName, Path(examples=["2026.1"])],
    ) -> CatalogueAnswer:
        asked = found(name)
        response.headers["ETag"] = f'"{asked.digest}"'
        return catalogue_answer(asked)

    @router.get(
        "/catalogues/{name}/changes", tags=["catalogues"], summary="Yang berubah sejak katalog lain, dalam kata"
    )
    async def changes(
        _: Anyone,
        name: Annotated[CatalogueName, Path(examples=["2026.1"])],
        since: Annotated[CatalogueName, Query(examples=["2024.1"])],
    ) -> DifferencesAnswer:
        return differences_answer(found(since), found(name))

    @router.get("/scorecards", tags=["scorecards"], summary="Kartu skor inovasi", response_model=ScorecardPage)
    async def scorecards(who: Anyone, request: Request, response: Response, wanted: Annotated[Wanted, Query()]) -> Any:  # noqa: ANN401 - a page, see response_model
        where = sight(who, region=wanted.region, agency=wanted.agency, year=wanted.year)
        page = await store.find(SCORECARD.name, where, limit=wanted.limit, after=wanted.after)
        items = [summary(ScorecardDocument.model_validate(each.state), catalogues, bands) for each in page.documents]
        return paged(request, response, items, page.after)

    @router.get("/scorecards/{innovation}", tags=["scorecards"], summary="Kartu skor satu inovasi, baris demi baris")
    async def scorecard(
        who: Anyone,
        response: Response,
        innovation: Annotated[Id, Path(examples=["0b7c1f9e-3f55-5d7c-9a53-1f0b0f6f2c11"])],
    ) -> ScorecardAnswer:
        document = await store.get(SCORECARD.name, innovation)
        standing = ScorecardDocument.model_validate(document.state) if document else None
        if document is None or standing is None or not may_see(who, standing):
            raise NotFound("Tidak ada kartu skor untuk inovasi ini yang dapat dilihat.")
        etag(response, document.sequence)
        return whole(standing, catalogues, bands)

    return router
