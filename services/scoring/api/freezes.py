"""Routes `/rankings/freezes`: frozen rankings, public at once and for good. Freezing is the curator's."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.scoring.api.parameters import ANYONE, Cursor, Id, PageLimit
from services.scoring.catalogue.library import Catalogues
from services.scoring.index.marks import MarkRegion, mark_nothing
from services.scoring.ranking.freezing import FreezeRequest, freeze
from services.scoring.ranking.store import Freezes, competitions
from services.scoring.ranking.terms import Title
from services.scoring.views.freezes import FreezeAnswer, FreezePage, freeze_answer, freeze_summary
from shared.auth.policy import Role
from shared.clock import Clock
from shared.contracts.fields import RegionCode
from shared.faults import Flaw, Invalid
from shared.ports.store import Store
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, etag, fingerprint, idempotent_id
from shared.web.routes import Routes, Who, created, get, post

FrozenRegionInPath = Annotated[RegionCode, Path(description="Kemendagri's code.", examples=["61.71"])]
SeriesInPath = Annotated[Id, Path(description="A year, or a competition's id.", examples=["2025"])]
NumberInPath = Annotated[int, Path(ge=1, le=1_000_000, description="From 1; a correction has the next.")]


class FreezeQuery(BaseModel):
    """The filters of a list of freezes."""

    region: RegionCode | None = Field(default=None, examples=["61.71"])
    year: int | None = Field(default=None, ge=2000, le=2100)
    competition: Id | None = None
    limit: PageLimit = 50
    after: Cursor = None


class NewFreeze(BaseModel):
    """What to freeze: the year's ranking of a region, or a competition (which has its own region and year). reason:
    required when the series was frozen before; synthetic: the data are an example."""

    model_config = ConfigDict(extra="forbid")

    region: RegionCode | None = Field(default=None, examples=["61.12"])
    year: int | None = Field(default=None, ge=2000, le=2100, examples=[2025])
    competition: Id | None = None
    reason: Title | None = Field(default=None, examples=["Koreksi: satu inovasi ditarik setelah pengumuman."])
    synthetic: bool = False

    def flaws(self) -> list[Flaw]:
        """What is wrong with it."""
        if self.competition is not None:
            both = [name for name in ("region", "year") if getattr(self, name) is not None]
            return [Flaw(name, "not-fitting", "sudah ditentukan oleh lomba") for name in both]
        missing = [name for name in ("region", "year") if getattr(self, name) is None]
        return [Flaw(name, "missing", "wajib diisi bila tanpa lomba") for name in missing]


class FreezeRoutes(Routes):
    """Answers for `/rankings/freezes`. frozen: called after a ranking of a region was frozen."""

    prefix = "/rankings/freezes"
    tag = "rankings"

    def __init__(self, store: Store, catalogues: Catalogues, clock: Clock, frozen: MarkRegion = mark_nothing) -> None:
        self._store = store
        self._catalogues = catalogues
        self._clock = clock
        self._frozen = frozen
        self._freezes = Freezes(store)
        self._competitions = competitions(store)

    @get("", *ANYONE, summary="Pembekuan peringkat", response_model=FreezePage)
    async def freezes(
        self, request: Request, response: Response, query: Annotated[FreezeQuery, Query()]
    ) -> dict[str, Any]:
        """Frozen rankings, those of a region in the order of their series and numbers."""
        where = query.model_dump(include={"region", "year", "competition"}, exclude_none=True)
        page = await self._freezes.repository.list(where, limit=query.limit, after=query.after)
        return paged(request, response, [freeze_summary(each.value) for each in page.items], page.after)

    @post("", Role.CURATOR, status_code=201, summary="Bekukan peringkat")
    async def freeze(
        self,
        who: Who,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[NewFreeze, Body()],
    ) -> FreezeAnswer:
        """Freeze the ranking as it is now, verified results only. It is public at once and never changes; a correction
        is another freeze, with its reason."""
        if flaws := body.flaws():
            raise Invalid(flaws)
        competition = await self._competitions.get(body.competition) if body.competition else None
        region = competition.value.region if competition else body.region or ""
        who.require_region(region)
        asked = FreezeRequest(
            region=region,
            year=competition.value.terms.year if competition else body.year or 0,
            competition=competition,
            reason=body.reason,
            synthetic=body.synthetic,
            by=who.id,
            at=self._clock.now(),
            created_by=idempotent_id(who, key),
            fingerprint=fingerprint(body),
        )
        made = await freeze(self._store, self._catalogues, asked)
        await self._frozen(region)
        created(request, response, f"rankings/freezes/{made.id}", made.sequence)
        return freeze_answer(made.value)

    @get("/{region}/{series}/{number}", *ANYONE, summary="Satu pembekuan peringkat")
    async def frozen(
        self, response: Response, region: FrozenRegionInPath, series: SeriesInPath, number: NumberInPath
    ) -> FreezeAnswer:
        """One frozen ranking, whole."""
        found = await self._freezes.get(region, series, number)
        etag(response, found.sequence)
        return freeze_answer(found.value)
