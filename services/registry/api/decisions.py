"""The routes below `/innovations/{id}` that change its status or its placement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Body, Response

from services.registry.api.answers import innovation_answer
from services.registry.api.examples import REASSIGNMENT, RETURN, VERIFICATION, WITHDRAWAL, WITHDRAWAL_REASON
from services.registry.api.parameters import IdInPath
from services.registry.innovation import reassignment, verification, withdrawal
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.innovation import Change, Innovation
from services.registry.innovation.reassignment import Reassignment
from services.registry.innovation.submissions import Submissions
from services.registry.innovation.verification import Return, Verification
from services.registry.innovation.views import InnovationAnswer, SubmissionCheck
from services.registry.innovation.withdrawal import Withdrawal, WithdrawalReason
from shared.auth.policy import Principal, Role
from shared.faults import Flaw, Invalid
from shared.web.preconditions import IfMatch, etag
from shared.web.routes import Routes, Who, delete, get, post


class DecisionRoutes(Routes):
    """Submit, withdraw, return, verify, reassign. Every route answers with the innovation after the change."""

    prefix = "/innovations/{id}"
    tag = "decisions"

    def __init__(self, access: InnovationAccess, submissions: Submissions) -> None:
        self._access = access
        self._submissions = submissions

    @post("/submit", Role.AGENCY, Role.CURATOR, hot=True)
    async def submit_innovation(
        self, *, who: Who, response: Response, id: IdInPath, expected: IfMatch
    ) -> InnovationAnswer:
        """Submit, for the first time or again. The answer lists everything that blocks the submission at once. A first
        submission is for the region's current year, or for an earlier one whose duty the agency has not met; after the
        deadline that is late. Mandatory rows that are empty do not block; the answer names them in
        `missing_mandatory`."""
        read = await self._access.read_for_change(who, id, expected)
        return innovation_answer(response, await self._submissions.submit(who, read))

    @get("/submission", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE)
    async def check_submission(self, *, who: Who, response: Response, id: IdInPath) -> SubmissionCheck:
        """Everything that would block a submission now, as `submit` would list it. Nothing is written."""
        read = await self._access.read_inside(who, id)
        flaws = await self._submissions.blocking(read)
        etag(response, read.sequence)
        return SubmissionCheck.of(read, flaws)

    @post("/withdraw", Role.AGENCY, Role.CURATOR)
    async def withdraw_innovation(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[Withdrawal | None, Body(openapi_examples=WITHDRAWAL)] = None,
    ) -> InnovationAnswer:
        """Withdraw for good: the innovation never counts again. Of a verified one the curator decides, with a reason:
        by default that of the agency's request."""
        reason = body.reason if body else None
        curator = who.role is Role.CURATOR
        return await self._decide(
            who,
            response,
            id,
            expected,
            lambda it: withdrawal.withdraw(it, who.id, self._access.origin(), reason=reason, as_curator=curator),
        )

    @post("/withdrawal", Role.AGENCY)
    async def ask_withdrawal(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[WithdrawalReason, Body(openapi_examples=WITHDRAWAL_REASON)],
    ) -> InnovationAnswer:
        """Ask the curator to withdraw a verified innovation. It stays verified, and counts, until the curator agrees by
        withdrawing it."""
        return await self._decide(
            who, response, id, expected, lambda it: withdrawal.ask(it, body.reason, who.id, self._access.origin())
        )

    @delete("/withdrawal", Role.AGENCY)
    async def take_back_withdrawal(
        self, *, who: Who, response: Response, id: IdInPath, expected: IfMatch
    ) -> InnovationAnswer:
        """Take the request back."""
        return await self._decide(
            who, response, id, expected, lambda it: withdrawal.take_back(it, who.id, self._access.origin())
        )

    @post("/withdrawal/decline", Role.CURATOR)
    async def decline_withdrawal(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[WithdrawalReason, Body(openapi_examples=WITHDRAWAL_REASON)],
    ) -> InnovationAnswer:
        """Decline the agency's request: the innovation stays verified."""
        return await self._decide(
            who, response, id, expected, lambda it: withdrawal.decline(it, body.reason, who.id, self._access.origin())
        )

    @post("/return", Role.CURATOR)
    async def return_innovation(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[Return, Body(openapi_examples=RETURN)],
    ) -> InnovationAnswer:
        """Return with comments, by row or `profile`. Rows that are already proven may be given their level."""
        return await self._decide(
            who, response, id, expected, lambda it: verification.send_back(it, body, who.id, self._access.origin())
        )

    @post("/verify", Role.CURATOR)
    async def verify_innovation(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[Verification, Body(openapi_examples=VERIFICATION)],
    ) -> InnovationAnswer:
        """Verify, with a level for each checked row. Further requests complete or correct the levels."""
        return await self._decide(
            who, response, id, expected, lambda it: verification.verify(it, body, who.id, self._access.origin())
        )

    @post("/reassign", Role.CURATOR)
    async def reassign_innovation(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[Reassignment, Body(openapi_examples=REASSIGNMENT)],
    ) -> InnovationAnswer:
        """Move to another agency of the region, or to another year's duty, whatever its status."""
        read = await self._access.read_for_change(who, id, expected)
        innovation = read.value
        if body.agency != innovation.agency:
            agency, _ = await self._access.active_agency(body.agency, self._access.origin().time)
            if agency.region != innovation.region:
                raise Invalid([Flaw("agency", "other-region", "perangkat daerah ini bukan bagian dari daerah inovasi")])
        changed = await self._access.change_read(
            read, lambda it: reassignment.reassign(it, body, who.id, self._access.origin())
        )
        return innovation_answer(response, changed)

    async def _decide(
        self, who: Principal, response: Response, id: str, expected: int, decide: Callable[[Innovation], Change]
    ) -> InnovationAnswer:
        return innovation_answer(response, await self._access.change(who, id, expected, decide))
