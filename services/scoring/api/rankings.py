"""Rankings and their freezes over HTTP, below `/scoring/v1`.

Everybody sees rankings of verified results. The forecast by claims is for curator and executive of the region, and for
the operator. Freezing is the curator's; a freeze is public at once and for good.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.scoring.api.parameters import Id
from services.scoring.catalogue.library import Catalogues
from services.scoring.kinds import FREEZE
from services.scoring.known import region_of
from services.scoring.ranking.competition import CompetitionOutcome, Title
from services.scoring.ranking.entrants import entrants
from services.scoring.ranking.freeze import Frozen, against, ranks_within
from services.scoring.ranking.live import Stood, _outcome, require_measure
from services.scoring.ranking.ranking import TIE_RULE, Filter, Measure, moved, rank, ranks
from services.scoring.ranking.store import Competitions, Freezes
from services.scoring.views.rankings import (
    FreezeAnswer,
    FreezePage,
    RankingAnswer,
    freeze_answer,
    freeze_ref,
    freeze_summary,
    notices,
    place_answer,
)
from shared.auth.policy import Principal, Role, allow
from shared.clock import Clock
from shared.contracts.affairs import AFFAIR_NAMES
from shared.contracts.fields import RegionCode
from shared.contracts.vocabulary import AgencyKind, Form, Nature
from shared.faults import Conflict, Flaw, Invalid
from shared.ports.store import Store
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, etag, fingerprint, idempotent_id

Anyone = Annotated[Principal, allow(*Role)]
Curator = Annotated[Principal, allow(Role.CURATOR)]
RegionInPath = Annotated[RegionCode, Path(description="Kemendagri's code.", examples=["61.71"])]
SeriesInPath = Annotated[Id, Path(description="A year, or a competition's id.", examples=["2025"])]
NumberInPath = Annotated[int, Path(ge=1, le=1_000_000, description="From 1; a correction has the next.")]

MOST_FROZEN = 15_000
"""Places in one freeze: what one document can hold with room to spare."""


class WantedEntries(BaseModel):
    """Which ranking. kind: of agency; affair: the slug of the main affair; measure: `claimed` is the forecast."""

    year: int = Field(ge=2000, le=2100, examples=[2025])
    region: RegionCode | None = Field(default=None, examples=["61.12"])
    kind: AgencyKind | None = None
    form: Form | None = None
    affair: str | None = Field(default=None, max_length=100, examples=["kesehatan"])
    nature: Nature | None = None
    measure: Measure = Measure.VERIFIED

    @property
    def filter(self) -> Filter:
        """Which entries. Raises Invalid for an affair that there is not."""
        if self.affair is not None and self.affair not in AFFAIR_NAMES:
            raise Invalid([Flaw("affair", "unknown", f"tidak ada urusan {self.affair!r}")])
        return Filter(kind=self.kind, form=self.form, affair=self.affair, nature=self.nature)


class WantedRanking(WantedEntries):
    """A page of a ranking. after: the `next` of the page before."""

    limit: int = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, pattern=r"^[0-9]{1,7}$")


class WantedFreezes(BaseModel):
    """What a list of freezes asks for."""

    region: RegionCode | None = Field(default=None, examples=["61.71"])
    year: int | None = Field(default=None, ge=2000, le=2100)
    competition: Id | None = None
    limit: int = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, max_length=2000)


class NewFreeze(BaseModel):
    """What is frozen: the year's ranking of a region, or a competition (its region and year are its own). reason: must
    be given when the series was frozen before; synthetic: the data are an example."""

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


class RankingRoutes:
    """Answers for `/rankings`."""

    def __init__(self, store: Store, catalogues: Catalogues, clock: Clock) -> None:
        self._store = store
        self._shelf = catalogues
        self._clock = clock
        self._freezes = Freezes(store)
        self._competitions = Competitions(store)

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/rankings", tags=["rankings"])
        router.add_api_route(
            "", self.ranking, methods=["GET"], summary="Peringkat inovasi", response_model=RankingAnswer
        )
        router.add_api_route(
            "/freezes", self.freezes, methods=["GET"], summary="Pembekuan peringkat", response_model=FreezePage
        )
        router.add_api_route(
            "/freezes", self.freeze, methods=["POST"], status_code=201, summary="Bekukan peringkat",
            response_model=FreezeAnswer,
        )  # fmt: skip
        router.add_api_route(
            "/freezes/{region}/{series}/{number}", self.frozen, methods=["GET"], summary="Satu pembekuan peringkat",
            response_model=FreezeAnswer,
        )  # fmt: skip
        return router

    async def ranking(
        self, who: Anyone, request: Request, response: Response, wanted: Annotated[WantedRanking, Query()]
    ) -> RankingAnswer:
        """The ranking as it stands now, in pages."""
        whole = await self.whole(who, wanted)
        start = int(wanted.after or 0)
        more = start + wanted.limit < whole.total
        page = paged(
            request,
            response,
            whole.items[start : start + wanted.limit],
            str(start + wanted.limit) if more else None,
        )
        return whole.model_copy(update=page)

    async def whole(self, who: Principal, wanted: WantedEntries) -> RankingAnswer:
        """The ranking with all its places. Raises Forbidden, and Invalid for an affair that there is not."""
        stood = await self.stood(who, wanted)
        before = ranks_within(stood.last, wanted.filter) if stood.last else {}
        return RankingAnswer(
            region=wanted.region,
            year=wanted.year,
            measure=wanted.measure,
            rule=TIE_RULE,
            notices=notices(stood.catalogues, measure=wanted.measure),
            catalogues=list(stood.catalogues),
            compared_with=freeze_ref(stood.last),
            gone=sorted(before.keys() - ranks(stood.places).keys()),
            total=len(stood.places),
            items=[place_answer(each) for each in stood.places],
            next=None,
        )

    async def stood(self, who: Principal, wanted: WantedEntries) -> Stood:
        """How it stands now, with the movement against the region's last freeze. Raises as `whole`."""
        require_measure(who, wanted.measure, wanted.region)
        only = wanted.filter
        found = await entrants(self._store, self._shelf, year=wanted.year, region=wanted.region, measure=wanted.measure)
        last = await self._freezes.last(wanted.region, str(wanted.year)) if wanted.region else None
        places = rank((each for each in found.entries if only.takes(each)), wanted.measure)
        return Stood(moved(places, ranks_within(last, only) if last else None), found.catalogues, last)

    async def freezes(
        self, who: Anyone, request: Request, response: Response, wanted: Annotated[WantedFreezes, Query()]
    ) -> Any:  # noqa: ANN401 - a page, see response_model
        """Frozen rankings, those of a region in the order of their series and numbers."""
        del who
        asked = wanted.model_dump(include={"region", "year", "competition"}, exclude_none=True)
        page = await self._store.find(FREEZE.name, asked, limit=wanted.limit, after=wanted.after)
        items = [freeze_summary(Frozen.model_validate(each.state)) for each in page.documents]
        return paged(request, response, items, page.after)

    async def frozen(
        self, who: Anyone, response: Response, region: RegionInPath, series: SeriesInPath, number: NumberInPath
    ) -> FreezeAnswer:
        """A frozen ranking, whole."""
        del who
        found, sequence = await self._freezes.get(region, series, number)
        etag(response, sequence)
        return freeze_answer(found)

    async def freeze(
        self,
        who: Curator,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[NewFreeze, Body()],
    ) -> FreezeAnswer:
        """Freeze the ranking as it stands now, verified results only. It is public at once and never changes; a
        correction is another freeze, with its reason."""
        if flaws := body.flaws():
            raise Invalid(flaws)
        seen = await self._competitions.get(body.competition) if body.competition else None
        region, year = (seen.it.region, seen.it.terms.year) if seen else (body.region or "", body.year or 0)
        who.require_region(region)
        found = await entrants(self._store, self._shelf, year=year, region=region, measure=Measure.VERIFIED)
        known = await region_of(self._store, region)
        stood = _outcome(seen, found, known.zone)
        terms = seen.it.terms if seen else None
        created_by, asked, now = idempotent_id(who, key), fingerprint(body), self._clock.now()

        def make(number: int, last: Frozen | None) -> Frozen:
            _require_some(stood)
            if last is not None and body.reason is None:
                raise Invalid([Flaw("reason", "missing", f"seri ini sudah dibekukan ({last.id}); sebutkan alasannya")])
            return Frozen(
                region=region,
                region_name=known.name,
                series=seen.id if seen else str(year),
                number=number,
                year=year,
                title=terms.name if terms else f"Peringkat inovasi daerah tahun {year}",
                competition=seen.id if seen else None,
                terms=terms,
                reason=body.reason,
                synthetic=body.synthetic or (terms is not None and terms.synthetic),
                frozen_at=now,
                frozen_by=who.id,
                created_by=created_by,
                created_by_body=asked,
                catalogues=found.catalogues,
                cells=against(stood.cells, last),
                counts=stood.counts,
                total=stood.total,
                left_out=stood.left_out,
                late=stood.late,
            )

        document = await self._freezes.append(region, seen.id if seen else str(year), created_by, asked, make)
        made = Frozen.model_validate(document.state)
        response.headers["Location"] = f"{request.scope.get('root_path', '')}/rankings/freezes/{made.id}"
        etag(response, document.sequence)
        return freeze_answer(made)


def _require_some(stood: CompetitionOutcome) -> None:
    if stood.total == 0:
        raise Conflict("Belum ada inovasi terverifikasi yang dapat diperingkat; tidak ada yang dibekukan.")
    if stood.total > MOST_FROZEN:
        raise Conflict(f"Satu pembekuan memuat paling banyak {MOST_FROZEN} peringkat.")
