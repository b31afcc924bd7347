"""The routes below `/regions`: regional governments, their duty policies and their deadlines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Body, Request, Response

from services.registry.api.answers import region_answer
from services.registry.api.examples import CANCELLATION, DEADLINE, POLICY, REGION, REGION_TERMS
from services.registry.api.parameters import CodeInPath, YearInPath
from services.registry.innovation.views import RegionAnswer, Regions
from services.registry.regions import region as regions
from services.registry.regions.confirmation import OverdueConfirmation
from services.registry.regions.deadline import Cancellation, NewDeadline
from services.registry.regions.policy import NewPolicy
from services.registry.regions.region import Change, NewRegion, Region, RegionTerms
from shared.auth.policy import EVERYBODY, Principal, Role
from shared.clock import Clock
from shared.contracts.contract import Origin
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

    def __init__(
        self,
        regions: Repository[Region],
        clock: Clock,
        confirmation: OverdueConfirmation,
        changed: Callable[[], None],
    ) -> None:
        """changed: called after a region was changed, whose deadlines may have passed."""
        self._regions = regions
        self._clock = clock
        self._confirmation = confirmation
        self._changed = changed

    @get("", *EVERYBODY, response_model=Regions)
    async def list_regions(
        self, *, request: Request, response: Response, limit: Limit = 50, after: After = None
    ) -> dict[str, Any]:
        """All regions, by code."""
        page = await self._regions.list({}, limit=limit, after=after)
        return paged(request, response, [RegionAnswer.of(each, self._clock.now()) for each in page.items], page.after)

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
        return RegionAnswer.of(region, self._clock.now())

    @get("/{code}", *EVERYBODY)
    async def read_region(self, *, response: Response, code: CodeInPath) -> RegionAnswer:
        """A region with its duty policies and the history of its deadlines."""
        return region_answer(response, await self._regions.get(code), self._clock.now())

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
        """Change name, zone, catalogue or policy; the deadlines stay. Another policy is a new revision, by default from
        the region's current year on; earlier years keep theirs."""
        return await self._change(
            who, response, code, expected, lambda it: regions.revise(it, body, who.id, self._now())
        )

    @post("/{code}/policies", Role.CURATOR, Role.OPERATOR)
    async def add_policy(
        self,
        *,
        who: Who,
        response: Response,
        code: CodeInPath,
        expected: IfMatch,
        body: Annotated[NewPolicy, Body(openapi_examples=POLICY)],
    ) -> RegionAnswer:
        """Add a revision of the duty policy, from a year on. Only a revision that names a past year changes it."""
        return await self._change(
            who, response, code, expected, lambda it: regions.add_policy(it, body, who.id, self._now())
        )

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
        """Set or move a year's deadline, in force at once. Another date or hour is the next revision; another basis
        alone corrects the one in force. A deadline that has passed already and makes agencies overdue must be confirmed
        by their number in `confirm_overdue`; the problem document names it."""
        await self._confirmation.require((await self._changeable(who, code, expected)), body)
        return await self._change(
            who, response, code, expected, lambda it: regions.set_deadline(it, body, who.id, self._now())
        )

    @post("/{code}/deadlines/{year}/cancel", Role.CURATOR, Role.OPERATOR)
    async def cancel_deadline(
        self,
        *,
        who: Who,
        response: Response,
        code: CodeInPath,
        year: YearInPath,
        expected: IfMatch,
        body: Annotated[Cancellation, Body(openapi_examples=CANCELLATION)],
    ) -> RegionAnswer:
        """Cancel a year's deadline: the year has no duty until another deadline is set."""
        return await self._change(
            who, response, code, expected, lambda it: regions.cancel_deadline(it, year, body, who.id, self._now())
        )

    def _now(self) -> Origin:
        return origin(self._clock)

    async def _changeable(self, who: Principal, code: str, expected: int) -> Region:
        region = await self._regions.get(code)
        who.require_region(code)
        region.require(expected)
        return region.value

    async def _change(
        self, who: Principal, response: Response, code: str, expected: int, decide: Callable[[Region], Change]
    ) -> RegionAnswer:
        await self._changeable(who, code, expected)
        region = await self._regions.amend(code, expected, decide)
        self._changed()
        return region_answer(response, region, self._clock.now())
