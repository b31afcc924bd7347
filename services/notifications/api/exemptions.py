"""The `/exemptions` routes: an agency is exempted for a year by decree."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Body, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from services.notifications.api.parameters import AgencyInPath, RegionFilter, YearFilter, YearInPath, region_for
from services.notifications.contacts.fields import Decree, Reason
from services.notifications.known import KnownFacts
from services.notifications.obligations.exemption import Exemption
from services.notifications.obligations.ledger import Ledger
from services.notifications.obligations.news import obligation_id
from services.notifications.obligations.repositories import exemption_repository
from services.notifications.views import ExemptionAnswer, Exemptions
from shared.auth.policy import Role
from shared.clock import Clock
from shared.faults import NotFound, PreconditionRequired, Stale
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event
from shared.web.paging import paged
from shared.web.preconditions import IfMatch, etag
from shared.web.problems import MEDIA_TYPE
from shared.web.routes import After, Limit, Routes, Who, delete, get, put

_PROBLEM: dict[str, Any] = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
_CONFLICTS: dict[int | str, dict[str, Any]] = {
    412: {"description": "Sudah diubah pihak lain", **_PROBLEM},
    428: {"description": "If-Match wajib ada", **_PROBLEM},
}
IfMatchIfInForce = Annotated[
    str | None,
    Header(alias="if-match", description="The ETag that you have read, if an exemption is in force."),
]
_EXAMPLE = {
    "decree": {
        "summary": "A decree of the head of the region",
        "value": {
            "decree": "100.3.3.2/417/2026",
            "decree_date": "2026-11-02",
            "reason": "Perangkat daerah baru dibentuk pada triwulan IV.",
        },
    }
}


class ExemptionBody(BaseModel):
    """decree: its number, decree_date: its day; reason: is not published in events."""

    model_config = ConfigDict(extra="forbid")

    decree: Decree
    decree_date: date | None = None
    reason: Reason


_ONE = "/exemptions/{agency}/{year}"
InForce = Annotated[bool | None, Query(description="Only those in force, or only those that were lifted.")]


class ExemptionRoutes(Routes):
    """The obligation is recomputed within the same request; after a crash between the two, by the next sweep."""

    tag = "exemptions"

    def __init__(self, store: Store, known_facts: KnownFacts, ledger: Ledger, clock: Clock) -> None:
        self._exemptions = exemption_repository(store)
        self._known_facts = known_facts
        self._ledger = ledger
        self._clock = clock

    @get("/exemptions", Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR, response_model=Exemptions)
    async def list_exemptions(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        region: RegionFilter = None,
        year: YearFilter = None,
        in_force: InForce = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """List the exemptions of a region, with those that were lifted."""
        where: dict[str, Any] = {"region": region_for(who, region), "year": year}
        where = {path: value for path, value in where.items() if value is not None}
        if in_force is not None:
            where["stands"] = int(in_force)
        page = await self._exemptions.list(where, limit=limit, after=after)
        names = await self._known_facts.names(sorted({each.value.agency for each in page.items}))
        items = [ExemptionAnswer.of(each.value, names.get(each.value.agency, "")) for each in page.items]
        return paged(request, response, items, page.after)

    @get(_ONE, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
    async def read_exemption(
        self, *, who: Who, response: Response, agency: AgencyInPath, year: YearInPath
    ) -> ExemptionAnswer:
        """Read the exemption in force."""
        found = await self._in_force(agency, year)
        who.require_region(found.value.region)
        return await self._answer(response, found)

    @put(_ONE, Role.CURATOR, responses=_CONFLICTS)
    async def exempt(
        self,
        *,
        who: Who,
        response: Response,
        agency: AgencyInPath,
        year: YearInPath,
        body: Annotated[ExemptionBody, Body(openapi_examples=_EXAMPLE)],
        if_match: IfMatchIfInForce = None,
    ) -> ExemptionAnswer:
        """Exempt an agency for a year. A repeat changes nothing. Replacing an exemption in force needs its ETag in
        `If-Match`."""
        known = await self._known_facts.agency(agency)
        if known is None:
            raise NotFound("Perangkat daerah ini tidak dikenal.")
        region = known.value.region
        who.require_region(region)
        exemption = Exemption(
            agency=agency,
            region=region,
            year=year,
            decree=body.decree,
            decree_date=body.decree_date,
            reason=body.reason,
            by=who.id,
        )
        id = obligation_id(agency, year)
        before = await self._exemptions.find(id)
        expected = None
        if before and before.value.in_force and not before.value.equals(exemption):
            expected = _expected(if_match, before)

        def grant(before: Exemption | None) -> Exemption | None:
            granted = exemption.granted(before)
            if expected is None and granted is not None and before is not None and before.in_force:
                raise Stale("Sudah ada pengecualian lain, yang baru saja ditetapkan.")
            return granted

        granted = await self._exemptions.change(id, without_event(grant), expected=expected)
        await self._ledger.recompute(agency, year)
        return await self._answer(response, granted)

    @delete(_ONE, Role.CURATOR, status_code=204)
    async def lift(self, *, who: Who, agency: AgencyInPath, year: YearInPath, expected: IfMatch) -> Response:
        """Lift an exemption: the obligation applies again."""
        found = await self._in_force(agency, year)
        who.require_region(found.value.region)

        def lift(exemption: Exemption) -> Exemption | None:
            return exemption.lifted(who.id, self._clock.now())

        await self._exemptions.amend(found.id, expected, without_event(lift))
        await self._ledger.recompute(agency, year)
        return Response(status_code=204)

    async def _answer(self, response: Response, exemption: Versioned[Exemption]) -> ExemptionAnswer:
        etag(response, exemption.sequence)
        agency = exemption.value.agency
        return ExemptionAnswer.of(exemption.value, (await self._known_facts.names([agency])).get(agency, ""))

    async def _in_force(self, agency: str, year: int) -> Versioned[Exemption]:
        found = await self._exemptions.get(obligation_id(agency, year))
        if not found.value.in_force:
            raise self._exemptions.missing()
        return found


def _expected(header: str | None, exemption: Versioned[Exemption]) -> int:
    if header is None:
        raise PreconditionRequired("Perubahan memerlukan If-Match berisi ETag dari jawaban terakhir.")
    if header.strip() != f'"{exemption.sequence}"':
        raise Stale("If-Match tidak menyebut versi yang berlaku.")
    return exemption.sequence
