"""The `/obligations` routes, and `/unreachable`: agencies without a reachable contact."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import Query, Request, Response

from services.notifications.api.parameters import (
    AgencyFilter,
    AgencyInPath,
    RegionFilter,
    YearFilter,
    YearInPath,
    region_for,
)
from services.notifications.kinds import CONTACT
from services.notifications.known import KnownFacts
from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.news import obligation_id
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.repositories import obligation_repository
from services.notifications.views import ObligationAnswer, Obligations, UnreachableAgencies, UnreachableAgency
from shared.auth.policy import Principal, Role
from shared.contracts.vocabulary import ObligationStatus
from shared.faults import Forbidden
from shared.ports.store import OneOf, Store
from shared.web.paging import paged
from shared.web.preconditions import etag
from shared.web.routes import After, Limit, Routes, Who, get

StatusFilter = Annotated[ObligationStatus | None, Query(description="Only those with this status.")]
PhaseFilter = Annotated[
    ObligationPhase | None,
    Query(
        description="Only those in this phase: a status, or `waiting` for the curator or `registry`, which are open."
    ),
]
LateFilter = Annotated[bool | None, Query(description="Only those that were, or were not, fulfilled too late.")]
_UNFULFILLED = (ObligationStatus.OPEN.value, ObligationStatus.OVERDUE.value)
_ALL = tuple(status.value for status in ObligationStatus)


class ObligationRoutes(Routes):
    """Obligations that lack a fact have no public state and are not shown."""

    tag = "obligations"

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._store = store
        self._obligations = obligation_repository(store)
        self._known_facts = known_facts

    @get("/obligations", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR, response_model=Obligations)
    async def list_obligations(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        region: RegionFilter = None,
        year: YearFilter = None,
        status: StatusFilter = None,
        phase: PhaseFilter = None,
        late: LateFilter = None,
        agency: AgencyFilter = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """List obligations: every agency and every year with a deadline. An agency account sees its own."""
        where = self._scope(who, region, agency) | {"status": status.value if status else OneOf(_ALL)}
        more = {"year": year, "stands": phase and phase.value, "late": None if late is None else int(late)}
        where |= {path: value for path, value in more.items() if value is not None}
        page = await self._obligations.list(where, limit=limit, after=after)
        obligations = [each.value for each in page.items]
        names = await self._names(obligations)
        items = [
            ObligationAnswer.of(each, each.public, names.get(each.agency, "")) for each in obligations if each.public
        ]
        return paged(request, response, items, page.after)

    @get("/obligations/{agency}/{year}", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
    async def read_obligation(
        self, *, who: Who, response: Response, agency: AgencyInPath, year: YearInPath
    ) -> ObligationAnswer:
        """Read one obligation."""
        found = await self._obligations.get(obligation_id(agency, year))
        public = found.value.public
        if public is None:
            raise self._obligations.missing()
        who.require_agency(public.region, agency)
        etag(response, found.sequence)
        return ObligationAnswer.of(found.value, public, (await self._names([found.value])).get(agency, ""))

    @get("/unreachable", Role.CURATOR, Role.OPERATOR, response_model=UnreachableAgencies)
    async def list_unreachable(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        region: RegionFilter = None,
        year: YearFilter = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """List agencies with an unfulfilled obligation and without a contact with a valid, unflagged e-mail address."""
        limited_to = region_for(who, region)
        in_region = {} if limited_to is None else {"region": limited_to}
        reachable: set[str] = set()
        others: Counter[str] = Counter()
        async for row in self._store.scan(CONTACT.name, {**in_region, "erased": 0}, ("agencies", "reachable")):
            if row["reachable"]:
                reachable.update(row["agencies"])
            else:
                others.update(row["agencies"])
        where = {**in_region, "status": OneOf(_UNFULFILLED)} | ({} if year is None else {"year": year})
        found: list[ObligationDocument] = []
        cursor = after
        while True:
            page = await self._obligations.list(where, limit=limit, after=cursor)
            found += [each.value for each in page.items if each.value.agency not in reachable]
            cursor = page.after
            if cursor is None or found:
                break
        names = await self._names(found)
        items = [
            UnreachableAgency(
                agency=each.agency,
                agency_name=names.get(each.agency, ""),
                region=each.region,
                year=each.year,
                status=ObligationStatus(each.status),
                contacts=others[each.agency],
            )
            for each in found
        ]
        return paged(request, response, items, cursor)

    @staticmethod
    def _scope(who: Principal, region: str | None, agency: str | None) -> dict[str, Any]:
        if who.role is not Role.AGENCY:
            limited_to = region_for(who, region)
            in_region = {} if limited_to is None else {"region": limited_to}
            return in_region | ({} if agency is None else {"agency": agency})
        if agency is not None and agency not in who.agencies:
            raise Forbidden(f"Akun ini tidak mewakili perangkat daerah {agency}.")
        if region is not None:
            who.require_region(region)
        return {"region": who.region, "agency": agency or OneOf(sorted(who.agencies))}

    async def _names(self, obligations: list[ObligationDocument]) -> dict[str, str]:
        return await self._known_facts.names(sorted({each.agency for each in obligations}))
