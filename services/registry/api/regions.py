"""Regions and their deadlines."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from services.registry import region
from services.registry.api.examples import DEADLINE, REGION, REGION_TERMS
from services.registry.api.parameters import COMMAND, After, CodeInPath, Limit, made
from services.registry.region import NewDeadline, NewRegion, Region, RegionTerms
from services.registry.views import RegionAnswer, Regions
from shared.auth.policy import Principal, Role, allow
from shared.clock import Clock
from shared.faults import Conflict
from shared.observability.tracing import origin
from shared.storage.repository import Repository, Versioned
from shared.web.paging import paged
from shared.web.preconditions import IfMatch, etag, fingerprint

Everybody = Annotated[Principal, allow(*Role)]
Operator = Annotated[Principal, allow(Role.OPERATOR)]
Keeper = Annotated[Principal, allow(Role.CURATOR, Role.OPERATOR)]


class RegionsRoutes:
    """Answers for `/regions`."""

    def __init__(self, regions: Repository[Region], clock: Clock) -> None:
        self._regions = regions
        self._clock = clock

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/regions", tags=["regions"])
        router.add_api_route("", self.list_regions, methods=["GET"], response_model=Regions)
        router.add_api_route(
            "", self.register_region, methods=["POST"], status_code=201, response_model=RegionAnswer,
            dependencies=[COMMAND],
        )  # fmt: skip
        router.add_api_route("/{code}", self.read_region, methods=["GET"], response_model=RegionAnswer)
        router.add_api_route(
            "/{code}", self.revise_region, methods=["PUT"], response_model=RegionAnswer, dependencies=[COMMAND]
        )
        router.add_api_route(
            "/{code}/deadlines", self.set_deadline, methods=["POST"], response_model=RegionAnswer,
            dependencies=[COMMAND],
        )  # fmt: skip
        return router

    async def list_regions(
        self, *, who: Everybody, request: Request, response: Response, limit: Limit = 50, after: After = None
    ) -> dict[str, Any]:
        """All regions, by code."""
        del who
        page = await self._regions.list({}, limit=limit, after=after)
        return paged(request, response, [RegionAnswer.of(held) for held in page.items], page.after)

    async def register_region(
        self,
        *,
        who: Operator,
        request: Request,
        response: Response,
        body: Annotated[NewRegion, Body(openapi_examples=REGION)],
    ) -> RegionAnswer:
        """Register a regional government. Its code is its id: the same request again gets the first answer, another
        one under the same code is a conflict."""
        del who
        asked = fingerprint(body)
        held = await self._regions.repeated(body.code, asked, Conflict)
        if held is None:
            new, owed = region.register(body, asked, origin(self._clock))
            held = await self._regions.create(body.code, new, owed, Conflict)
        made(request, response, f"regions/{held.value.code}", held.sequence)
        return RegionAnswer.of(held)

    async def read_region(self, *, who: Everybody, response: Response, code: CodeInPath) -> RegionAnswer:
        """A region with its duty policy and the history of its deadlines."""
        del who
        return self._answer(response, await self._regions.get(code))

    async def revise_region(
        self,
        *,
        who: Keeper,
        response: Response,
        code: CodeInPath,
        expected: IfMatch,
        body: Annotated[RegionTerms, Body(openapi_examples=REGION_TERMS)],
    ) -> RegionAnswer:
        """Change name, zone, catalogue or policy; the deadlines stay."""
        await self._for_change(who, code, expected)
        from_here = origin(self._clock)
        held = await self._regions.amend(code, expected, lambda it: region.revise(it, body, from_here))
        return self._answer(response, held)

    async def set_deadline(
        self,
        *,
        who: Keeper,
        response: Response,
        code: CodeInPath,
        expected: IfMatch,
        body: Annotated[NewDeadline, Body(openapi_examples=DEADLINE)],
    ) -> RegionAnswer:
        """Set a year's deadline, or move it: the next revision, in force at once."""
        await self._for_change(who, code, expected)
        from_here = origin(self._clock)
        held = await self._regions.amend(code, expected, lambda it: region.set_deadline(it, body, from_here))
        return self._answer(response, held)

    async def _for_change(self, who: Principal, code: str, expected: int) -> None:
        held = await self._regions.get(code)
        who.require_region(code)
        held.require(expected)

    @staticmethod
    def _answer(response: Response, held: Versioned[Region]) -> RegionAnswer:
        etag(response, held.sequence)
        return RegionAnswer.of(held)
