"""Exemptions by decree."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Response
from pydantic import BaseModel, ConfigDict

from services.notifications.api.parameters import COMMAND, AgencyInPath, YearInPath
from services.notifications.contacts.fields import Decree, Reason
from services.notifications.kinds import EXEMPTION
from services.notifications.known import KnownFacts
from services.notifications.obligations import exemption as exemptions
from services.notifications.obligations.ledger import Ledger, obligation_id
from services.notifications.views import ExemptionAnswer
from shared.auth.policy import Principal, Role, allow
from shared.faults import NotFound, PreconditionRequired, Stale
from shared.ports.store import Decision, Document, State, Store
from shared.web.preconditions import IfMatch, etag
from shared.web.problems import MEDIA_TYPE

Curator = Annotated[Principal, allow(Role.CURATOR)]
Reader = Annotated[Principal, allow(Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)]
_PROBLEM: dict[str, Any] = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
IfThere = Annotated[
    str | None,
    Header(alias="if-match", description="The ETag that you saw, when an exemption stands already."),
]
_EXAMPLE = {
    "decree": {
        "summary": "A decree of the head of the region",
        "value": {"decree": "100.3.3.2/417/2026", "reason": "Perangkat daerah baru dibentuk pada triwulan IV."},
    }
}


class ExemptionBody(BaseModel):
    """decree: its number; reason: stays in this service."""

    model_config = ConfigDict(extra="forbid")

    decree: Decree
    reason: Reason


class ExemptionsRoutes:
    """Answers for `/exemptions`. The obligation follows within the same request; a crash between the two is healed by
    the next sweep."""

    def __init__(self, store: Store, known_facts: KnownFacts, ledger: Ledger) -> None:
        self._store = store
        self._known_facts = known_facts
        self._ledger = ledger

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/exemptions/{agency}/{year}", tags=["exemptions"])
        router.add_api_route("", self.read_exemption, methods=["GET"], response_model=ExemptionAnswer)
        router.add_api_route(
            "", self.exempt, methods=["PUT"], response_model=ExemptionAnswer, dependencies=[COMMAND],
            responses={412: {"description": "Sudah diubah pihak lain", **_PROBLEM},
                       428: {"description": "If-Match wajib ada", **_PROBLEM}},
        )  # fmt: skip
        router.add_api_route("", self.lift, methods=["DELETE"], status_code=204, dependencies=[COMMAND])
        return router

    async def read_exemption(
        self, *, who: Reader, response: Response, agency: AgencyInPath, year: YearInPath
    ) -> ExemptionAnswer:
        """The exemption that stands."""
        document = await self._readiness(agency, year)
        who.require_region(document.state["region"])
        return _answer(response, document)

    async def exempt(
        self,
        *,
        who: Curator,
        response: Response,
        agency: AgencyInPath,
        year: YearInPath,
        body: Annotated[ExemptionBody, Body(openapi_examples=_EXAMPLE)],
        seen: IfThere = None,
    ) -> ExemptionAnswer:
        """Exempt an agency for a year. The same again changes nothing; another decree in the place of one that stands
        needs its ETag in `If-Match`."""
        known = await self._known_facts.agency(agency)
        if known is None:
            raise NotFound("Perangkat daerah ini tidak dikenal.")
        who.require_region(known.agency.region)
        wanted = exemptions.granted(
            agency=agency, region=known.agency.region, year=year, decree=body.decree, reason=body.reason, by=who.id
        )
        id = obligation_id(agency, year)
        before = await self._store.get(EXEMPTION.name, id)
        expected = None
        if before and before.state["stands"] and not exemptions.same(before.state, wanted):
            expected = _seen(seen, before)

        def decide(state: State | None) -> Decision:
            return None if exemptions.same(state, wanted) else (wanted, None)

        document = await self._store.change(EXEMPTION.name, id, decide, expected=expected)
        await self._ledger.recompute(agency, year)
        return _answer(response, document)

    async def lift(self, *, who: Curator, agency: AgencyInPath, year: YearInPath, expected: IfMatch) -> Response:
        """Take an exemption back: the duty is owed again."""
        document = await self._readiness(agency, year)
        who.require_region(document.state["region"])

        def decide(state: State | None) -> Decision:
            after = exemptions.lifted(state, who.id)
            return (after, None) if after else None

        await self._store.change(EXEMPTION.name, document.id, decide, expected=expected)
        await self._ledger.recompute(agency, year)
        return Response(status_code=204)

    async def _readiness(self, agency: str, year: int) -> Document:
        document = await self._store.get(EXEMPTION.name, obligation_id(agency, year))
        if document is None or not document.state["stands"]:
            raise NotFound("Tidak ada pengecualian yang berlaku.")
        return document


def _seen(header: str | None, document: Document) -> int:
    if header is None:
        raise PreconditionRequired("Perubahan memerlukan If-Match berisi ETag dari jawaban terakhir.")
    if header.strip() != f'"{document.sequence}"':
        raise Stale("If-Match tidak menyebut versi yang berlaku.")
    return document.sequence


def _answer(response: Response, document: Document) -> ExemptionAnswer:
    etag(response, document.sequence)
    return ExemptionAnswer.model_validate(document.state, extra="ignore")
