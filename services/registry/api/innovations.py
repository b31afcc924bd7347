"""Innovations: drafted, read, listed and rewritten."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.registry import drafting, duty_year
from services.registry.api.examples import INNOVATION, REWRITING
from services.registry.api.parameters import COMMAND, After, IdInPath, Limit, made
from services.registry.innovation import Placement
from services.registry.innovation_access import InnovationAccess
from services.registry.profile import Profile
from services.registry.views import InnovationAnswer, Innovations, InnovationSummary, PublicInnovation
from services.registry.visibility import Asked, sees_inside, within
from shared.auth.policy import Principal, Role, allow
from shared.contracts.fields import Id, RegionCode, Year
from shared.contracts.vocabulary import InnovationStatus
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id

Everybody = Annotated[Principal, allow(*Role)]
Keeper = Annotated[Principal, allow(Role.AGENCY, Role.CURATOR)]


class NewInnovation(BaseModel):
    """agency: that carries it (for one of the community: that fosters it); year: of the obligation, by default the
    region's present year; profile: as far as it is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agency: Id
    year: Year | None = None
    profile: Profile = Field(default_factory=Profile)


class Rewriting(BaseModel):
    """The whole profile again; year: only while it is a draft, left out: the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: Year | None = None
    profile: Profile


class InnovationsRoutes:
    """Answers for `/innovations`."""

    def __init__(self, counter: InnovationAccess) -> None:
        self._counter = counter

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/innovations", tags=["innovations"])
        router.add_api_route("", self.list_innovations, methods=["GET"], response_model=Innovations)
        router.add_api_route(
            "", self.draft_innovation, methods=["POST"], status_code=201, response_model=InnovationAnswer,
            dependencies=[COMMAND],
        )  # fmt: skip
        router.add_api_route(
            "/{id}", self.read_innovation, methods=["GET"], response_model=InnovationAnswer | PublicInnovation
        )
        router.add_api_route(
            "/{id}", self.rewrite_innovation, methods=["PUT"], response_model=InnovationAnswer, dependencies=[COMMAND]
        )
        return router

    async def list_innovations(
        self,
        *,
        who: Everybody,
        request: Request,
        response: Response,
        region: Annotated[RegionCode | None, Query(description="Only of this region.", examples=["61.12"])] = None,
        agency: Annotated[Id | None, Query(description="Only of this agency.")] = None,
        year: Annotated[Year | None, Query(description="Only for this year's duty.", examples=[2026])] = None,
        status: Annotated[InnovationStatus | None, Query(description="Only in this state.")] = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """An agency's own, a curator's or executive's region's; for everybody else, and beyond these, what is
        verified."""
        where = within(who, Asked(region, agency, year, status))
        if where is None:
            return paged(request, response, [], None)
        page = await self._counter.innovations.list(where, limit=limit, after=after)
        return paged(request, response, [InnovationSummary.of(held) for held in page.items], page.after)

    async def draft_innovation(
        self,
        *,
        who: Keeper,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[NewInnovation, Body(openapi_examples=INNOVATION)],
    ) -> InnovationAnswer:
        """Begin an innovation. A draft may be as empty as one likes; it counts nowhere until it is handed in."""
        id, asked = idempotent_id(who, key), fingerprint(body)
        held = await self._counter.innovations.repeated(id, asked)
        if held is None:
            here = self._counter.here()
            agency, region = await self._counter.active_agency(body.agency, here)
            who.require_agency(agency.region, agency.id)
            year = duty_year.local_year(region, here.time) if body.year is None else body.year
            placement = Placement(agency=agency.id, year=year)
            new, owed = drafting.begin(
                id, agency.region, placement, body.profile, fingerprint=asked, by=who.id, origin=here
            )
            held = await self._counter.innovations.create(id, new, owed)
        else:
            await self._counter.inside(who, id)
        made(request, response, f"innovations/{id}", held.sequence)
        return InnovationAnswer.of(held)

    async def read_innovation(
        self, *, who: Everybody, response: Response, id: IdInPath
    ) -> InnovationAnswer | PublicInnovation:
        """All of it for its agency and its region; for others the public part, once it is verified."""
        held = await self._counter.seen(who, id)
        etag(response, held.sequence)
        return InnovationAnswer.of(held) if sees_inside(who, held.value) else PublicInnovation.of(held)

    async def rewrite_innovation(
        self,
        *,
        who: Keeper,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[Rewriting, Body(openapi_examples=REWRITING)],
    ) -> InnovationAnswer:
        """Put the whole profile, while it is a draft or after a return."""
        here = self._counter.here()
        held = await self._counter.change(
            who, id, expected, lambda it: drafting.rewrite(it, body.profile, body.year, who.id, here)
        )
        etag(response, held.sequence)
        return InnovationAnswer.of(held)
