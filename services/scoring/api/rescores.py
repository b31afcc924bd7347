"""Routes `/rescores`: scorecards under another catalogue, or, as a dry run, who would gain and who would lose.

A request is answered at once; the work is done in the background, and its progress is read by its id. A curator may
request it for the own region, the operator for any or all.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import Body, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.scoring.api.parameters import INSIDERS, Cursor
from services.scoring.catalogue.library import Catalogues, newest
from services.scoring.kinds import RESCORE
from services.scoring.known import REGIONS
from services.scoring.rescore.document import RescoreProgress, RescoreRequest, RescoreState
from services.scoring.rescore.report import RescoreReport
from services.scoring.rescore.runner import Rescoring
from services.scoring.views.answer import Answer
from shared.auth.policy import Principal, Role
from shared.contracts.fields import RegionCode
from shared.faults import Flaw, Forbidden, Invalid, NotFound
from shared.ports.store import Document, Store
from shared.storage.copies import Copies
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, etag, fingerprint, idempotent_id
from shared.web.routes import Routes, Who, created, get, post

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
    """A rescore. catalogue: by its full name; total: how many scorecards it is about, null until it begins; report: of
    those seen so far; by: the account that requested it."""

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
    def of(cls, document: Document, who: Principal) -> Self:
        """The answer about a stored document. The operator sees counts and tallies, no single innovation's scores."""
        state = RescoreState.model_validate(document.state)
        requested = {"id": document.id, **state.wish.model_dump()}
        progress = {name: getattr(state, name) for name in ("status", "total", "by", "begun", "ended", "report")}
        if who.role is Role.OPERATOR:
            progress["report"] = state.report.model_copy(update={"gains": [], "losses": []})
        return cls.model_validate(requested | progress)


class RescorePage(Answer):
    """A page. next: for `after`."""

    items: list[RescoreAnswer]
    next: str | None


class RescoreQuery(BaseModel):
    """The filters of a list of rescores."""

    region: RegionCode | None = Field(default=None, examples=["61.12"])
    year: int | None = Field(default=None, ge=2000, le=2100)
    status: RescoreProgress | None = None
    limit: int = Field(default=20, ge=1, le=100)
    after: Cursor = None


class RescoreRoutes(Routes):
    """Answers for `/rescores`."""

    prefix = "/rescores"
    tag = "rescores"

    def __init__(self, store: Store, catalogues: Catalogues, rescoring: Rescoring) -> None:
        self._store = store
        self._catalogues = catalogues
        self._rescoring = rescoring
        self._regions = Copies(store, REGIONS)

    @get("", *INSIDERS, summary="Penilaian ulang", response_model=RescorePage)
    async def rescores(
        self, who: Who, request: Request, response: Response, query: Annotated[RescoreQuery, Query()]
    ) -> dict[str, Any]:
        """Rescores of the own region, the newest first; the operator sees all."""
        where = query.model_dump(include={"region", "year", "status"}, exclude_none=True, mode="json")
        if who.role is not Role.OPERATOR:
            where.setdefault("region", who.region)
            _require_scope(who, where["region"])
        page = await self._store.find(RESCORE.name, where, sort=[("begun", -1)], limit=query.limit, after=query.after)
        return paged(request, response, [RescoreAnswer.of(each, who) for each in page.documents], page.after)

    @post("", Role.CURATOR, Role.OPERATOR, status_code=202, summary="Minta penilaian ulang")
    async def order(
        self,
        who: Who,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[NewRescore, Body(openapi_examples=EXAMPLES)],
    ) -> RescoreAnswer:
        """Request a rescore. It starts at once, after earlier ones about the same scorecards; each changed scorecard
        emits `innovation.scored`. Evidence under a form that numbers its rows differently is counted in a dry run and
        never rewritten."""
        _require_scope(who, body.region)
        asked = RescoreRequest(
            region=body.region,
            year=body.year,
            catalogue=newest(self._catalogues, body.catalogue, "catalogue"),
            dry_run=body.dry_run,
        )
        if body.region is not None and await self._regions.get(body.region) is None:
            raise Invalid([Flaw("region", "unknown", f"daerah {body.region} belum terdaftar")])
        queued = await self._rescoring.enqueue(idempotent_id(who, key), asked, who.id, fingerprint(body))
        created(request, response, f"rescores/{queued.id}", queued.sequence)
        return RescoreAnswer.of(queued, who)

    @get("/{id}", *INSIDERS, summary="Satu penilaian ulang")
    async def rescore(self, who: Who, response: Response, id: IdInPath) -> RescoreAnswer:
        """The progress of a rescore, and what it changes: counts, tallies by row, the greatest gains and losses."""
        document = await self._store.get(RESCORE.name, id)
        if document is None:
            raise NotFound("Penilaian ulang ini tidak ada.")
        _require_scope(who, document.state["region"])
        etag(response, document.sequence)
        return RescoreAnswer.of(document, who)


def _require_scope(who: Principal, region: str | None) -> None:
    if region is not None:
        who.require_region(region)
    elif who.role is not Role.OPERATOR:
        raise Forbidden("Hanya operator yang berwenang atas semua daerah; sebutkan daerah Anda.")
