"""The routes below `/regions`: regional governments and their deadlines."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Request, Response

from services.registry import region as regions
from services.registry.api.answers import region_answer
from services.registry.api.examples import DEADLINE, REGION, REGION_TERMS
from services.registry.api.parameters import CodeInPath
from services.registry.region import NewDeadline, NewRegion, Region, RegionTerms
from services.registry.views import RegionAnswer, Regions
from shared.auth.policy import Principal, Role
from shared.clock import Clock
from shared.faults import Conflict
from shared.observability.tracing import origin
from shared.storage.repository import Repository
from shared.web.paging import paged
from shared.web.preconditions import IfMatch, fingerprint
from shared.web.routes import After, Limit, Routes, Who, created, get, post, put


class RegionRoutes(Routes):
    """Routes for `/regions`."""

    prefix = "/regions"
    tag = "regions"

    def __init__(self, regions: Repository[Region], clock: Clock) -> None:
        self._regions = regions
        self._clock = clock

    @get("", *Role, response_model=Regions)
    async def list_regions(
        self, *, request: Request, response: Response, limit: Limit = 50, after: After = None
    ) -> dict[str, Any]:
        """All regions, by code."""
        page = await self._regions.list({}, limit=limit, after=after)
        return paged(request, response, [RegionAnswer.of(each) for each in page.items], page.after)

    @post("", Role.OPERATOR, status_code=201)
    async def register_region(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        body: Annotated[NewRegion, Body(openapi_examples=REGION)],
    ) -> RegionAnswer:
        """Register a regional government. Its code is its id: an equal request gets the first answer; another request
        under the same code is a conflict."""
        body_print = fingerprint(body)
        region = await self._regions.repeated(body.code, body_print, Conflict)
        if region is None:
            new, event = regions.register(body, body_print.sent, who.id, origin(self._clock))
            region = await self._regions.create(body.code, new, event, Conflict, fingerprint=body_print)
        created(request, response, f"regions/{region.id}", region.sequence)
        return RegionAnswer.of(region)

    @get("/{code}", *Role)
    async def read_region(self, *, response: Response, code: CodeInPath) -> RegionAnswer:
        """A region with its duty policy and the history of its deadlines."""
        return region_answer(response, await self._regions.get(code))

    @put("/{code}", Role.CURATOR, Role.OPERATOR)
    async def revise_region(
        self,
        *,
        who: Who,
        response: Response,
        code: CodeInPath,
        expected: IfMatch,
        body: Annotated[RegionTerms, Body(openapi_examples=REGION_TERMS)],
    ) -> RegionAnswer:
        """Change name, zone, catalogue or policy; the deadlines stay."""
        await self._require_changeable(who, code, expected)
        source = origin(self._clock)
        region = await self._regions.amend(code, expected, lambda it: regions.revise(it, body, who.id, source))
        return region_answer(response, region)

    @post("/{code}/deadlines", Role.CURATOR, Role.OPERATOR)
    async def set_deadline(
        self,
        *,
        who: Who,
        response: Response,
        code: CodeInPath,
        expected: IfMatch,
        body: Annotated[NewDeadline, Body(openapi_examples=DEADLINE)],
    ) -> RegionAnswer:
        """Set or move a year's deadline. Each change is the next revision and is in force at once."""
        await self._require_changeable(who, code, expected)
        source = origin(self._clock)
        region = await self._regions.amend(code, expected, lambda it: regions.set_deadline(it, body, who.id, source))
        return region_answer(response, region)

    async def _require_changeable(self, who: Principal, code: str, expected: int) -> None:
        region = await self._regions.get(code)
        who.require_region(code)
        region.require(expected)
