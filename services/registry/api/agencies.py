"""The routes below `/agencies`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Body, Query, Request, Response

from services.registry.agencies.agency import Agency, AgencyTerms, NewAgency, Retirement
from services.registry.agencies.directory import AgencyDirectory
from services.registry.api.answers import agency_answer
from services.registry.api.examples import AGENCY, AGENCY_TERMS, RETIREMENT
from services.registry.api.parameters import IdInPath
from services.registry.innovation.views import Agencies, AgencyAnswer
from shared.auth.policy import EVERYBODY, Principal, Role
from shared.contracts.fields import Id, RegionCode
from shared.contracts.vocabulary import AgencyKind
from shared.storage.repository import Repository, Versioned
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, fingerprint, idempotent_id
from shared.web.routes import After, Limit, Routes, Who, created, get, post, put


class AgencyRoutes(Routes):
    """Routes for `/agencies`."""

    prefix = "/agencies"
    tag = "agencies"

    def __init__(
        self, agencies: Repository[Agency], directory: AgencyDirectory, succession_due: Callable[[], None]
    ) -> None:
        """succession_due: called after an agency was retired."""
        self._agencies = agencies
        self._directory = directory
        self._succession_due = succession_due

    @get("", *EVERYBODY, response_model=Agencies)
    async def list_agencies(
        self,
        *,
        request: Request,
        response: Response,
        region: Annotated[RegionCode | None, Query(description="Only of this region.", examples=["61.12"])] = None,
        kind: Annotated[AgencyKind | None, Query(description="Only of this kind.")] = None,
        parent: Annotated[Id | None, Query(description="Only the parts of this agency.")] = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """Agencies, including retired ones."""
        filters = {"region": region, "kind": kind.value if kind else None, "parent": parent}
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
        with `null`, for every year. A name that an agency of the region has already is a conflict, which tells that
        agency's id and name in `other`; case, blanks and diacritics make no difference."""
        who.require_region(body.region)
        id, body_print = idempotent_id(who, key), fingerprint(body)
        agency = await self._directory.register(id, body, body_print, who.id)
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
        """Change name, kind, the first year of duty or the agency that it is part of; the last two stay when they are
        left out."""
        agency = await self._changeable(who, id, expected)
        return agency_answer(response, await self._directory.revise(agency, body, who.id))

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
        """Retire an agency: it owes nothing for a year whose deadline is on that day or later. Its successor, if there
        is one, takes over on that day: what is not decided, the duties that the agency no longer owes with all that was
        handed in for them, its parts, and in notifications its contacts. A second request corrects the day or the
        successor; what was taken over stays there."""
        agency = await self._changeable(who, id, expected)
        retired = await self._directory.retire(agency, body, who.id)
        self._succession_due()
        return agency_answer(response, retired)

    @post("/{id}/reinstate", Role.CURATOR, Role.OPERATOR)
    async def reinstate_agency(self, *, who: Who, response: Response, id: IdInPath, expected: IfMatch) -> AgencyAnswer:
        """Undo a retirement: the agency owes again as if it had not been retired, and has no successor. What a
        successor has taken over stays there."""
        agency = await self._changeable(who, id, expected)
        return agency_answer(response, await self._directory.reinstate(agency, who.id))

    async def _changeable(self, who: Principal, id: str, expected: int) -> Versioned[Agency]:
        agency = await self._agencies.get(id)
        who.require_region(agency.value.region)
        agency.require(expected)
        return agency
