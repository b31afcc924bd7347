"""Rescores over HTTP: scorecards under another catalogue, or, as a dry run, who would gain and who would lose.

Asking is answered at once; the work is done beside, and read by its id. The curator asks for the own region, the
operator for any or all.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.scoring.api.parameters import Insider
from services.scoring.catalogue.library import Catalogues, newest
from services.scoring.kinds import KNOWN_REGION, RESCORE
from services.scoring.rescore.document import RescoreProgress, RescoreState, Wish
from services.scoring.rescore.report import RescoreReport
from services.scoring.rescore.runner import Rescoring
from services.scoring.views.scorecards import Answer
from shared.auth.policy import Principal, Role, allow
from shared.contracts.fields import RegionCode
from shared.faults import Flaw, Forbidden, Invalid, NotFound
from shared.ports.store import Document, Store
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, etag, fingerprint, idempotent_id

Asker = Annotated[Principal, allow(Role.CURATOR, Role.OPERATOR)]
IdInPath = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$", description="A rescore's id.")]

EXAMPLES: dict[str, Any] = {
    "uji coba": {
        "summary": "Siapa naik dan siapa turun, tanpa mengubah apa pun",
        "value": {"region": "61.12", "year": 2025, "catalogue": "2026", "dry_run": True},
    },
    "terapkan": {
        "summary": "Nilai ulang satu daerah",
        "value": {"region": "61.12", "year": 2025, "catalogue": "2026.1"},
    },
}


class NewRescore(BaseModel):
    """Which scorecards, by which catalogue. region: all without it (operator only); year: the duty year, all without
    it; catalogue: a year (its newest revision) or a name; dry_run: nothing is changed."""

    model_config = ConfigDict(extra="forbid")

    region: RegionCode | None = None
    year: int | None = Field(default=None, ge=2000, le=2100)
    catalogue: str = Field(pattern=r"^[0-9]{4}(\.[0-9]{1,3})?$", examples=["2026", "2026.1"])
    dry_run: bool = False


class RescoreAnswer(Answer):
    """A rescore. catalogue: by its full name; total: how many scorecards it is about, null until it begins;
    report: of those seen so far; by: the account that asked."""

    id: str
    region: str | None
    year: int | None
    catalogue: str
    dry_run: bool
    status: RescoreProgress
    total: int | None
    by: str
    begun: datetime
    ended: datetime | None
    report: RescoreReport

    @classmethod
    def of(cls, document: Document) -> Self:
        """Of a stored document."""
        state = RescoreState.model_validate(document.state)
        asked = {"id": document.id, **state.wish.model_dump()}
        told = {name: getattr(state, name) for name in ("status", "total", "by", "begun", "ended", "report")}
        return cls.model_validate(asked | told)


class RescorePage(Answer):
    """A page. next: for `after`."""

    items: list[RescoreAnswer]
    next: str | None


class WantedRescores(BaseModel):
    """What a list of rescores asks for."""

    region: RegionCode | None = Field(default=None, examples=["61.12"])
    year: int | None = Field(default=None, ge=2000, le=2100)
    status: RescoreProgress | None = None
    limit: int = Field(default=20, ge=1, le=100)
    after: str | None = Field(default=None, max_length=2000)


class RescoreRoutes:
    """Answers for `/rescores`."""

    def __init__(self, store: Store, catalogues: Catalogues, rescoring: Rescoring) -> None:
        self._store = store
        self._shelf = catalogues
        self._rescoring = rescoring

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/rescores", tags=["rescores"])
        router.add_api_route("", self.rescores, methods=["GET"], summary="Penilaian ulang", response_model=RescorePage)
        router.add_api_route(
            "", self.order, methods=["POST"], status_code=202, summary="Minta penilaian ulang",
            response_model=RescoreAnswer,
        )  # fmt: skip
        router.add_api_route(
            "/{id}", self.rescore, methods=["GET"], summary="Satu penilaian ulang", response_model=RescoreAnswer
        )
        return router

    async def rescores(
        self, who: Insider, request: Request, response: Response, wanted: Annotated[WantedRescores, Query()]
    ) -> Any:  # noqa: ANN401 - a page, see response_model
        """Those of the own region, the newest first; the operator sees all."""
        asked = wanted.model_dump(include={"region", "year", "status"}, exclude_none=True, mode="json")
        if who.role is not Role.OPERATOR:
            asked.setdefault("region", who.region)
            _require_scope(who, asked["region"])
        page = await self._store.find(RESCORE.name, asked, sort=[("begun", -1)], limit=wanted.limit, after=wanted.after)
        return paged(request, response, [RescoreAnswer.of(each) for each in page.documents], page.after)

    async def order(
        self,
        who: Asker,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[NewRescore, Body(openapi_examples=EXAMPLES)],
    ) -> RescoreAnswer:
        """Ask for a rescore. It is begun at once, after those asked for before about the same scorecards; a changed
        scorecard is told to everybody by `innovation.scored`. Evidence under a form that numbers its rows differently
        is counted in a dry run and never rewritten."""
        _require_scope(who, body.region)
        wish = Wish(
            region=body.region,
            year=body.year,
            catalogue=newest(self._shelf, body.catalogue, "catalogue"),
            dry_run=body.dry_run,
        )
        if body.region is not None and await self._store.get(KNOWN_REGION.name, body.region) is None:
            raise Invalid([Flaw("region", "unknown", f"daerah {body.region} belum terdaftar")])
        ordered = await self._rescoring.order(idempotent_id(who, key), wish, who.id, fingerprint(body))
        response.headers["Location"] = f"{request.scope.get('root_path', '')}/rescores/{ordered.id}"
        etag(response, ordered.sequence)
        return RescoreAnswer.of(ordered)

    async def rescore(self, who: Insider, response: Response, id: IdInPath) -> RescoreAnswer:
        """How far it is, and what it changes: counts, tallies by row, the greatest gains and losses."""
        document = await self._store.get(RESCORE.name, id)
        if document is None:
            raise NotFound("Penilaian ulang ini tidak ada.")
        _require_scope(who, document.state["region"])
        etag(response, document.sequence)
        return RescoreAnswer.of(document)


def _require_scope(who: Principal, region: str | None) -> None:
    if region is not None:
        who.require_region(region)
    elif who.role is not Role.OPERATOR:
        raise Forbidden("Hanya operator yang berwenang atas semua daerah; sebutkan daerah Anda.")
