"""Obligations, and the agencies that cannot be told of theirs."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.notifications.api.parameters import (
    After,
    AgencyAsked,
    AgencyInPath,
    Limit,
    RegionAsked,
    YearAsked,
    YearInPath,
    region_for,
)
from services.notifications.kinds import CONTACT, OBLIGATION
from services.notifications.known import KnownFacts
from services.notifications.obligations.ledger import obligation_id
from services.notifications.views import ObligationAnswer, Obligations, UnreachableAgencies, UnreachableAgency
from shared.auth.policy import Principal, Role, allow
from shared.contracts.vocabulary import ObligationStatus
from shared.faults import Forbidden, NotFound
from shared.ports.store import Document, OneOf, Store
from shared.web.paging import paged
from shared.web.preconditions import etag

Reader = Annotated[Principal, allow(Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)]
Keeper = Annotated[Principal, allow(Role.CURATOR, Role.OPERATOR)]
StatusAsked = Annotated[ObligationStatus | None, Query(description="Only those that stand so.")]
_OWING = (ObligationStatus.OPEN.value, ObligationStatus.OVERDUE.value)
_ALL = tuple(status.value for status in ObligationStatus)


class ObligationsRoutes:
    """Answers for `/obligations` and `/unreachable`."""

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._store = store
        self._known_facts = known_facts

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(tags=["obligations"])
        router.add_api_route("/obligations", self.list_obligations, methods=["GET"], response_model=Obligations)
        router.add_api_route(
            "/obligations/{agency}/{year}", self.read_obligation, methods=["GET"], response_model=ObligationAnswer
        )
        router.add_api_route("/unreachable", self.list_unreachable, methods=["GET"], response_model=UnreachableAgencies)
        return router

    async def list_obligations(
        self,
        *,
        who: Reader,
        request: Request,
        response: Response,
        region: RegionAsked = None,
        year: YearAsked = None,
        status: StatusAsked = None,
        agency: AgencyAsked = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """The ledger: every agency and every year with a deadline. An agency account sees its own."""
        where = self._scope(who, region, agency) | {"status": status.value if status else OneOf(_ALL)}
        if year is not None:
            where["year"] = year
        page = await self._store.find(OBLIGATION.name, where, limit=limit, after=after)
        names = await self._names(page.documents)
        items = [ObligationAnswer.of(each, names.get(each.state["agency"], "")) for each in page.documents]
        return paged(request, response, items, page.after)

    async def read_obligation(
        self, *, who: Reader, response: Response, agency: AgencyInPath, year: YearInPath
    ) -> ObligationAnswer:
        """One duty."""
        document = await self._store.get(OBLIGATION.name, obligation_id(agency, year))
        if document is None or document.state["public"] is None:
            raise NotFound("Kewajiban ini tidak ada, atau datanya belum lengkap.")
        who.require_agency(document.state["public"]["region"], agency)
        etag(response, document.sequence)
        return ObligationAnswer.of(document, (await self._names([document])).get(agency, ""))

    async def list_unreachable(
        self,
        *,
        who: Keeper,
        request: Request,
        response: Response,
        region: RegionAsked = None,
        year: YearAsked = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """Agencies that still owe an innovation and have no contact with a valid, unflagged e-mail address."""
        mine = region_for(who, region)
        in_region = {} if mine is None else {"region": mine}
        reached: set[str] = set()
        others: Counter[str] = Counter()
        async for row in self._store.scan(CONTACT.name, {**in_region, "erased": 0}, ("agencies", "reachable")):
            if row["reachable"]:
                reached.update(row["agencies"])
            else:
                others.update(row["agencies"])
        where = {**in_region, "status": OneOf(_OWING)} | ({} if year is None else {"year": year})
        found: list[Document] = []
        cursor = after
        while True:
            page = await self._store.find(OBLIGATION.name, where, limit=limit, after=cursor)
            found += [each for each in page.documents if each.state["agency"] not in reached]
            cursor = page.after
            if cursor is None or found:
                break
        names = await self._names(found)
        items = [
            UnreachableAgency(
                agency=each.state["agency"],
                agency_name=names.get(each.state["agency"], ""),
                region=each.state["region"],
                year=each.state["year"],
                status=ObligationStatus(each.state["status"]),
                contacts=others[each.state["agency"]],
            )
            for each in found
        ]
        return paged(request, response, items, cursor)

    @staticmethod
    def _scope(who: Principal, region: str | None, agency: str | None) -> dict[str, Any]:
        if who.role is not Role.AGENCY:
            mine = region_for(who, region)
            return ({} if mine is None else {"region": mine}) | ({} if agency is None else {"agency": agency})
        if agency is not None and agency not in who.agencies:
            raise Forbidden(f"Akun ini tidak mewakili perangkat daerah {agency}.")
        if region is not None:
            who.require_region(region)
        return {"region": who.region, "agency": agency or OneOf(sorted(who.agencies))}

    async def _names(self, documents: list[Document]) -> dict[str, str]:
        return await self._known_facts.names(sorted({each.state["agency"] for each in documents}))
