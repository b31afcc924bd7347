"""The routes below `/agencies`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Query, Request, Response

from services.registry.agencies import agency as agencies
from services.registry.agencies.agency import Agency, AgencyTerms, NewAgency, Retirement
from services.registry.api.answers import agency_answer
from services.registry.api.examples import AGENCY, AGENCY_TERMS, RETIREMENT
from services.registry.api.parameters import IdInPath
from services.registry.innovation.views import Agencies, AgencyAnswer
from services.registry.regions.region import Region
from shared.auth.policy import EVERYBODY, Principal, Role
from shared.clock import Clock
from shared.contracts.fields import RegionCode
from shared.contracts.vocabulary import AgencyKind
from shared.faults import Flaw, Invalid
from shared.observability.tracing import origin
from shared.storage.repository import Repository
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, fingerprint, idempotent_id
from shared.web.routes import After, Limit, Routes, Who, created, get, post, put


class AgencyRoutes(Routes):
    """Routes for `/agencies`."""

    prefix = "/agencies"
    tag = "agencies"

    def __init__(self, agencies: Repository[Agency], regions: Repository[Region], clock: Clock) -> None:
        self._agencies = agencies
        self._regions = regions
        self._clock = clock

    @get("", *EVERYBODY, response_model=Agencies)
    async def list_agencies(
        self,
        *,
        request: Request,
        response: Response,
        region: Annotated[RegionCode | None, Query(description="Only of this region.", examples=["61.12"])] = None,
        kind: Annotated[AgencyKind | None, Query(description="Only of this kind.")] = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """Agencies, including retired ones."""
        filters = {"region": region, "kind": kind.value if kind else None}
        where = {name: value for name, value in filters.items() if value is not None}
        page = await self._agencies.list(where, limit=limit, after=after)
        return paged(request, response, [AgencyAnswer.of(each) for each in page.items], page.after)

    @post("", Role.CURATOR, Role.OPERATOR, status_code=201)
    async def register_agency(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[NewAgency, Body(openapi_examples=AGENCY)],
    ) -> AgencyAnswer:
        """Register an agency of a registered region. Without `obliged_from` it owes from the region's current year on;
        with `null`, for every year."""
        who.require_region(body.region)
        id, body_print = idempotent_id(who, key), fingerprint(body)
        agency = await self._agencies.repeated(id, body_print)
        if agency is None:
            region = await self._regions.find(body.region)
            if region is None:
                raise Invalid([Flaw("region", "unknown", "daerah ini belum terdaftar")])
            source = origin(self._clock)
            year = region.value.local(source.time).year
            new, event = agencies.register(id, body, body_print.sent, who.id, source, year=year)
            agency = await self._agencies.create(id, new, event, fingerprint=body_print)
        created(request, response, f"agencies/{agency.id}", agency.sequence)
        return AgencyAnswer.of(agency)

    @get("/{id}", *EVERYBODY)
    async def read_agency(self, *, response: Response, id: IdInPath) -> AgencyAnswer:
        """An agency."""
        return agency_answer(response, await self._agencies.get(id))

    @put("/{id}", Role.CURATOR, Role.OPERATOR)
    async def revise_agency(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[AgencyTerms, Body(openapi_examples=AGENCY_TERMS)],
    ) -> AgencyAnswer:
        """Change name, kind or the first year of duty, which stays when it is left out."""
        await self._changeable(who, id, expected)
        source = origin(self._clock)
        agency = await self._agencies.amend(id, expected, lambda it: agencies.revise(it, body, who.id, source))
        return agency_answer(response, agency)

    @post("/{id}/retire", Role.CURATOR, Role.OPERATOR)
    async def retire_agency(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[Retirement, Body(openapi_examples=RETIREMENT)],
    ) -> AgencyAnswer:
        """Retire an agency: it owes nothing for a year whose deadline is on that day or later. A second request
        corrects the day or the successor."""
        agency = await self._changeable(who, id, expected)
        await self._require_successor(agency, body)
        source = origin(self._clock)
        retired = await self._agencies.amend(id, expected, lambda it: agencies.retire(it, body, who.id, source))
        return agency_answer(response, retired)

    @post("/{id}/reinstate", Role.CURATOR, Role.OPERATOR)
    async def reinstate_agency(self, *, who: Who, response: Response, id: IdInPath, expected: IfMatch) -> AgencyAnswer:
        """Undo a retirement: the agency owes again as if it had not been retired, and has no successor."""
        await self._changeable(who, id, expected)
        source = origin(self._clock)
        agency = await self._agencies.amend(id, expected, lambda it: agencies.reinstate(it, who.id, source))
        return agency_answer(response, agency)

    async def _changeable(self, who: Principal, id: str, expected: int) -> Agency:
        agency = await self._agencies.get(id)
        who.require_region(agency.value.region)
        agency.require(expected)
        return agency.value

    async def _require_successor(self, agency: Agency, retirement: Retirement) -> None:
        """Raise Invalid unless the successor can continue the agency's work."""
        successor = retirement.successor or agency.successor
        if successor is None or ("successor" in retirement.model_fields_set and retirement.successor is None):
            return
        if successor == agency.id:
            raise Invalid([Flaw("successor", "same", "tidak dapat diteruskan oleh perangkat daerah itu sendiri")])
        found = await self._agencies.find(successor)
        if found is None or found.value.region != agency.region:
            raise Invalid([Flaw("successor", "unknown", "perangkat daerah ini tidak terdaftar pada daerah yang sama")])
        if found.value.is_retired(retirement.retired_on):
            raise Invalid([Flaw("successor", "retired", "perangkat daerah ini sudah tidak ada pada hari itu")])
