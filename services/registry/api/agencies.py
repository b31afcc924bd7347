"""Agencies."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from services.registry import agency
from services.registry.agency import Agency, AgencyTerms, NewAgency, Retirement
from services.registry.api.examples import AGENCY, AGENCY_TERMS, RETIREMENT
from services.registry.api.parameters import COMMAND, After, IdInPath, Limit, made
from services.registry.region import Region
from services.registry.views import Agencies, AgencyAnswer
from shared.auth.policy import Principal, Role, allow
from shared.clock import Clock
from shared.contracts.fields import RegionCode
from shared.contracts.vocabulary import AgencyKind
from shared.faults import Flaw, Invalid
from shared.observability.tracing import origin
from shared.storage.repository import Repository, Versioned
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id

Everybody = Annotated[Principal, allow(*Role)]
Keeper = Annotated[Principal, allow(Role.CURATOR, Role.OPERATOR)]


class AgenciesRoutes:
    """Answers for `/agencies`."""

    def __init__(self, agencies: Repository[Agency], regions: Repository[Region], clock: Clock) -> None:
        self._agencies = agencies
        self._regions = regions
        self._clock = clock

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/agencies", tags=["agencies"])
        router.add_api_route("", self.list_agencies, methods=["GET"], response_model=Agencies)
        router.add_api_route(
            "", self.register_agency, methods=["POST"], status_code=201, response_model=AgencyAnswer,
            dependencies=[COMMAND],
        )  # fmt: skip
        router.add_api_route("/{id}", self.read_agency, methods=["GET"], response_model=AgencyAnswer)
        router.add_api_route(
            "/{id}", self.revise_agency, methods=["PUT"], response_model=AgencyAnswer, dependencies=[COMMAND]
        )
        router.add_api_route(
            "/{id}/retire", self.retire_agency, methods=["POST"], response_model=AgencyAnswer, dependencies=[COMMAND]
        )
        return router

    async def list_agencies(
        self,
        *,
        who: Everybody,
        request: Request,
        response: Response,
        region: Annotated[RegionCode | None, Query(description="Only of this region.", examples=["61.12"])] = None,
        kind: Annotated[AgencyKind | None, Query(description="Only of this kind.")] = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """Agencies, the retired ones too."""
        del who
        where = {"region": region, "kind": kind.value if kind else None}
        asked = {name: value for name, value in where.items() if value is not None}
        page = await self._agencies.list(asked, limit=limit, after=after)
        return paged(request, response, [AgencyAnswer.of(held) for held in page.items], page.after)

    async def register_agency(
        self,
        *,
        who: Keeper,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[NewAgency, Body(openapi_examples=AGENCY)],
    ) -> AgencyAnswer:
        """Register an agency of a region that is registered."""
        who.require_region(body.region)
        id, asked = idempotent_id(who, key), fingerprint(body)
        held = await self._agencies.repeated(id, asked)
        if held is None:
            if await self._regions.find(body.region) is None:
                raise Invalid([Flaw("region", "unknown", "daerah ini belum terdaftar")])
            new, owed = agency.register(id, body, asked, origin(self._clock))
            held = await self._agencies.create(id, new, owed)
        made(request, response, f"agencies/{held.value.id}", held.sequence)
        return AgencyAnswer.of(held)

    async def read_agency(self, *, who: Everybody, response: Response, id: IdInPath) -> AgencyAnswer:
        """An agency."""
        del who
        return self._answer(response, await self._agencies.get(id))

    async def revise_agency(
        self,
        *,
        who: Keeper,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[AgencyTerms, Body(openapi_examples=AGENCY_TERMS)],
    ) -> AgencyAnswer:
        """Change name, kind or the first year of duty."""
        await self._for_change(who, id, expected)
        from_here = origin(self._clock)
        held = await self._agencies.amend(id, expected, lambda it: agency.revise(it, body, from_here))
        return self._answer(response, held)

    async def retire_agency(
        self,
        *,
        who: Keeper,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[Retirement, Body(openapi_examples=RETIREMENT)],
    ) -> AgencyAnswer:
        """End an agency: it owes nothing from the year of its retirement on. A second time corrects the day."""
        await self._for_change(who, id, expected)
        from_here = origin(self._clock)
        held = await self._agencies.amend(id, expected, lambda it: agency.retire(it, body, from_here))
        return self._answer(response, held)

    async def _for_change(self, who: Principal, id: str, expected: int) -> None:
        held = await self._agencies.get(id)
        who.require_region(held.value.region)
        held.require(expected)

    @staticmethod
    def _answer(response: Response, held: Versioned[Agency]) -> AgencyAnswer:
        etag(response, held.sequence)
        return AgencyAnswer.of(held)
