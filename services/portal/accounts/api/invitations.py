"""The `/invitations` routes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Body, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.portal.accounts.account import MOST_AGENCIES
from services.portal.accounts.address import Email
from services.portal.accounts.api.views import InvitationAnswer, InvitationsPage, InvitedAnswer
from services.portal.accounts.inviting import Inviting, NewInvitation
from shared.auth.policy import Role
from shared.contracts.fields import Id, Name, RegionCode
from shared.web.openapi import problem_response
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id
from shared.web.routes import After, Limit, Routes, Who, created, delete, get, post

_ONE = "/{id}"
_CHANGED: dict[int | str, dict[str, Any]] = {
    409: problem_response(HTTPStatus.CONFLICT),
    412: problem_response(HTTPStatus.PRECONDITION_FAILED),
    428: problem_response(HTTPStatus.PRECONDITION_REQUIRED),
}
_EXAMPLE = {
    "curator": {
        "summary": "The first curator of a region",
        "value": {
            "name": "Kurator Kubu Raya",
            "email": "kurator@kuburaya.example",
            "role": "curator",
            "region": "61.12",
        },
    }
}

InvitationInPath = Annotated[Id, Path(description="The invitation's id.")]
InRegion = Annotated[RegionCode | None, Query(description="Only of this region.", examples=["61.12"])]


class InvitationBody(BaseModel):
    """role: `agency`, `curator`, `executive` or `operator`; region: of all roles but the operator; agencies: ids, of
    the role `agency` alone."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    email: Email
    role: Role
    region: RegionCode | None = None
    agencies: list[Id] = Field(default_factory=list, max_length=MOST_AGENCIES)


class InvitationRoutes(Routes):
    """For operators. The answer shows the link while no mail carries it."""

    prefix = "/invitations"
    tag = "invitations"

    def __init__(self, inviting: Inviting) -> None:
        self._inviting = inviting

    @post("", Role.OPERATOR, status_code=201)
    async def create_invitation(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[InvitationBody, Body(openapi_examples=_EXAMPLE)],
    ) -> InvitedAnswer:
        """Invite a person. The link goes by mail if there is a server for mails, else the answer shows it; it works for
        seven days, once."""
        new = NewInvitation(body.name, body.email, body.role, body.region, tuple(body.agencies), by=who.id)
        invited = await self._inviting.create(idempotent_id(who, key), new, fingerprint(body))
        created(request, response, f"invitations/{invited.invitation.id}", invited.invitation.sequence)
        return InvitedAnswer.made(invited, by_mail=self._inviting.sends_mail)

    @get("", Role.OPERATOR, response_model=InvitationsPage)
    async def list_invitations(
        self,
        *,
        request: Request,
        response: Response,
        region: InRegion = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """List the invitations that were not accepted or revoked."""
        page = await self._inviting.page(region, limit=limit, after=after)
        items = [InvitationAnswer.of(each, listed=True) for each in page.items]
        return paged(request, response, items, page.after)

    @get(_ONE, Role.OPERATOR)
    async def read_invitation(self, *, response: Response, id: InvitationInPath) -> InvitationAnswer:
        """Read an invitation, without its link."""
        found = await self._inviting.get(id)
        etag(response, found.sequence)
        return InvitationAnswer.of(found)

    @post("/{id}/renew", Role.OPERATOR, responses=_CHANGED)
    async def renew_invitation(
        self, *, who: Who, response: Response, id: InvitationInPath, expected: IfMatch
    ) -> InvitedAnswer:
        """Make another link, for seven days from now; the former one is over."""
        invited = await self._inviting.renew(id, who.id, expected)
        etag(response, invited.invitation.sequence)
        return InvitedAnswer.made(invited, by_mail=self._inviting.sends_mail)

    @delete(_ONE, Role.OPERATOR, status_code=204, responses=_CHANGED)
    async def revoke_invitation(self, *, id: InvitationInPath, expected: IfMatch) -> Response:
        """End its link."""
        await self._inviting.revoke(id, expected)
        return Response(status_code=204)
