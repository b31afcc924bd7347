"""What is decided about an innovation: handed in, returned, verified, withdrawn, reassigned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from services.registry import reassignment, submission, verification, withdrawal
from services.registry.api.examples import REASSIGNMENT, RETURN, VERIFICATION
from services.registry.api.parameters import COMMAND, IdInPath
from services.registry.innovation import Change, Innovation
from services.registry.innovation_access import InnovationAccess
from services.registry.reassignment import Reassignment
from services.registry.verification import Return, Verification
from services.registry.views import InnovationAnswer
from shared.auth.policy import Principal, Role, allow
from shared.faults import Flaw, Invalid
from shared.web.preconditions import IfMatch, etag

Keeper = Annotated[Principal, allow(Role.AGENCY, Role.CURATOR)]
Curator = Annotated[Principal, allow(Role.CURATOR)]


class DecisionsRoutes:
    """Answers for the verbs below `/innovations/{id}`; every answer is the innovation as it now is."""

    def __init__(self, counter: InnovationAccess) -> None:
        self._counter = counter

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/innovations/{id}", tags=["decisions"], dependencies=[COMMAND])
        verbs: dict[str, Callable[..., Any]] = {
            "submit": self.submit_innovation,
            "withdraw": self.withdraw_innovation,
            "return": self.return_innovation,
            "verify": self.verify_innovation,
            "reassign": self.reassign_innovation,
        }
        for verb, answer in verbs.items():
            router.add_api_route(f"/{verb}", answer, methods=["POST"], response_model=InnovationAnswer)
        return router

    async def submit_innovation(
        self, *, who: Keeper, response: Response, id: IdInPath, expected: IfMatch
    ) -> InnovationAnswer:
        """Hand it in, for the first time or again. All that blocks it is listed at once."""
        innovation = (await self._counter.for_change(who, id, expected)).value
        region = (await self._counter.regions.get(innovation.region)).value
        agency = (await self._counter.agencies.get(innovation.agency)).value
        here = self._counter.here()
        return await self._decide(
            who, response, id, expected, lambda it: submission.submit(it, region, agency, who.id, here)
        )

    async def withdraw_innovation(
        self, *, who: Keeper, response: Response, id: IdInPath, expected: IfMatch
    ) -> InnovationAnswer:
        """Take it back for good: it never counts again."""
        here = self._counter.here()
        return await self._decide(who, response, id, expected, lambda it: withdrawal.withdraw(it, who.id, here))

    async def return_innovation(
        self,
        *,
        who: Curator,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[Return, Body(openapi_examples=RETURN)],
    ) -> InnovationAnswer:
        """Give it back with comments, by row or `profile`; rows that hold already may be given their level."""
        here = self._counter.here()
        return await self._decide(
            who, response, id, expected, lambda it: verification.send_back(it, body, who.id, here)
        )

    async def verify_innovation(
        self,
        *,
        who: Curator,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[Verification, Body(openapi_examples=VERIFICATION)],
    ) -> InnovationAnswer:
        """Verify it, with a level for each row that was looked at; once more to complete or correct levels."""
        here = self._counter.here()
        return await self._decide(who, response, id, expected, lambda it: verification.verify(it, body, who.id, here))

    async def reassign_innovation(
        self,
        *,
        who: Curator,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[Reassignment, Body(openapi_examples=REASSIGNMENT)],
    ) -> InnovationAnswer:
        """Move it to another agency of the region, or to another year's duty, whatever its state."""
        innovation = (await self._counter.for_change(who, id, expected)).value
        here = self._counter.here()
        if body.agency != innovation.agency:
            agency, _ = await self._counter.active_agency(body.agency, here)
            if agency.region != innovation.region:
                raise Invalid([Flaw("agency", "other-region", "perangkat daerah ini bukan bagian dari daerah inovasi")])
        return await self._decide(who, response, id, expected, lambda it: reassignment.reassign(it, body, who.id, here))

    async def _decide(
        self, who: Principal, response: Response, id: str, expected: int, decide: Callable[[Innovation], Change]
    ) -> InnovationAnswer:
        held = await self._counter.change(who, id, expected, decide)
        etag(response, held.sequence)
        return InnovationAnswer.of(held)
