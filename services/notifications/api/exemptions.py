"""The `/exemptions` routes: an agency is exempted for a year by decree."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Header, Response
from pydantic import BaseModel, ConfigDict

from services.notifications.api.parameters import AgencyInPath, YearInPath
from services.notifications.contacts.fields import Decree, Reason
from services.notifications.known import KnownFacts
from services.notifications.obligations.exemption import Exemption
from services.notifications.obligations.ledger import Ledger, obligation_id
from services.notifications.obligations.repositories import exemption_repository
from services.notifications.views import ExemptionAnswer
from shared.auth.policy import Role
from shared.clock import Clock
from shared.faults import NotFound, PreconditionRequired, Stale
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event
from shared.web.preconditions import IfMatch, etag
from shared.web.problems import MEDIA_TYPE
from shared.web.routes import Routes, Who, delete, get, put

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
        "value": {"decree": "100.3.3.2/417/2026", "reason": "Perangkat daerah baru dibentuk pada triwulan IV."},
    }
}


class ExemptionBody(BaseModel):
    """decree: its number; reason: is not published in events."""

    model_config = ConfigDict(extra="forbid")

    decree: Decree
    reason: Reason


class ExemptionRoutes(Routes):
    """The obligation is recomputed within the same request; after a crash between the two, by the next sweep."""

    prefix = "/exemptions/{agency}/{year}"
    tag = "exemptions"

    def __init__(self, store: Store, known_facts: KnownFacts, ledger: Ledger, clock: Clock) -> None:
        self._exemptions = exemption_repository(store)
        self._known_facts = known_facts
        self._ledger = ledger
        self._clock = clock

    @get("", Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
    async def read_exemption(
        self, *, who: Who, response: Response, agency: AgencyInPath, year: YearInPath
    ) -> ExemptionAnswer:
        """Read the exemption in force."""
        found = await self._in_force(agency, year)
        who.require_region(found.value.region)
        return _answer(response, found)

    @put("", Role.CURATOR, responses=_CONFLICTS)
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
            agency=agency, region=region, year=year, decree=body.decree, reason=body.reason, by=who.id
        )
        id = obligation_id(agency, year)
        before = await self._exemptions.find(id)
        expected = None
        if before and before.value.in_force and not before.value.equals(exemption):
            expected = _expected(if_match, before)

        def grant(before: Exemption | None) -> Exemption | None:
            return exemption.granted(before)

        granted = await self._exemptions.change(id, without_event(grant), expected=expected)
        await self._ledger.recompute(agency, year)
        return _answer(response, granted)

    @delete("", Role.CURATOR, status_code=204)
    async def lift(self, *, who: Who, agency: AgencyInPath, year: YearInPath, expected: IfMatch) -> Response:
        """Lift an exemption: the obligation applies again."""
        found = await self._in_force(agency, year)
        who.require_region(found.value.region)

        def lift(exemption: Exemption) -> Exemption | None:
            return exemption.lifted(who.id, self._clock.now())

        await self._exemptions.amend(found.id, expected, without_event(lift))
        await self._ledger.recompute(agency, year)
        return Response(status_code=204)

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


def _answer(response: Response, exemption: Versioned[Exemption]) -> ExemptionAnswer:
    etag(response, exemption.sequence)
    return ExemptionAnswer.model_validate(exemption.value.model_dump(), extra="ignore")
