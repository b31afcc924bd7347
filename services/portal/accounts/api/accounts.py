"""The `/accounts` routes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.portal.accounts.account import MOST_AGENCIES, AccountStatus
from services.portal.accounts.address import Email
from services.portal.accounts.api.invitations import InRegion
from services.portal.accounts.api.views import AccountAnswer, AccountsPage, LinkAnswer
from services.portal.accounts.managing import AccountFilter, Managing
from services.portal.accounts.resetting import Resetting
from shared.auth.policy import Role
from shared.contracts.fields import Id, Name
from shared.faults import QuotaSpent
from shared.web.openapi import problem_response
from shared.web.paging import paged
from shared.web.preconditions import IfMatch, etag
from shared.web.routes import After, Limit, Routes, Who, get, post, put

_ONE = "/{id}"
_CHANGED: dict[int | str, dict[str, Any]] = {
    412: problem_response(HTTPStatus.PRECONDITION_FAILED),
    428: problem_response(HTTPStatus.PRECONDITION_REQUIRED),
}

AccountInPath = Annotated[Id, Path(description="The account's id.")]
OfRole = Annotated[Role | None, Query(description="Only of this role; together with `region`.")]
OfStatus = Annotated[AccountStatus | None, Query(description="`active` or `closed`; by default both.")]


class AccountBody(BaseModel):
    """What may change: role and region stay what they were; for another one invite the person again."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    email: Email
    agencies: list[Id] = Field(default_factory=list, max_length=MOST_AGENCIES)


class AccountRoutes(Routes):
    """For operators."""

    prefix = "/accounts"
    tag = "accounts"

    def __init__(self, managing: Managing, resetting: Resetting) -> None:
        self._managing = managing
        self._resetting = resetting

    @get("", Role.OPERATOR, response_model=AccountsPage)
    async def list_accounts(
        self,
        *,
        request: Request,
        response: Response,
        region: InRegion = None,
        role: OfRole = None,
        status: OfStatus = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """List accounts; erased ones are not among them."""
        chosen = AccountFilter(region, role, status if status is not AccountStatus.ERASED else None)
        page = await self._managing.page(chosen, limit=limit, after=after)
        items = [AccountAnswer.of(each, listed=True) for each in page.items]
        return paged(request, response, items, page.after)

    @get(_ONE, Role.OPERATOR)
    async def read_account(self, *, response: Response, id: AccountInPath) -> AccountAnswer:
        """Read an account."""
        found = await self._managing.get(id)
        etag(response, found.sequence)
        return AccountAnswer.of(found)

    @put(_ONE, Role.OPERATOR, responses=_CHANGED)
    async def update_account(
        self, *, response: Response, id: AccountInPath, expected: IfMatch, body: AccountBody
    ) -> AccountAnswer:
        """Give it another name, address or agencies."""
        changed = await self._managing.describe(id, body.name, body.email, tuple(body.agencies), expected)
        etag(response, changed.sequence)
        return AccountAnswer.of(changed)

    @post("/{id}/close", Role.OPERATOR, responses=_CHANGED)
    async def close_account(self, *, response: Response, id: AccountInPath, expected: IfMatch) -> AccountAnswer:
        """Let nobody sign in with it; its sessions are over."""
        changed = await self._managing.close(id, expected)
        etag(response, changed.sequence)
        return AccountAnswer.of(changed)

    @post("/{id}/open", Role.OPERATOR, responses=_CHANGED)
    async def open_account(self, *, response: Response, id: AccountInPath, expected: IfMatch) -> AccountAnswer:
        """Let its person sign in again."""
        changed = await self._managing.open(id, expected)
        etag(response, changed.sequence)
        return AccountAnswer.of(changed)

    @post("/{id}/sign-out", Role.OPERATOR, responses=_CHANGED)
    async def sign_out_account(self, *, response: Response, id: AccountInPath, expected: IfMatch) -> AccountAnswer:
        """End all of its sessions."""
        changed = await self._managing.sign_out(id, expected)
        etag(response, changed.sequence)
        return AccountAnswer.of(changed)

    @post("/{id}/remove-second-factor", Role.OPERATOR, responses=_CHANGED)
    async def remove_second_factor(self, *, response: Response, id: AccountInPath, expected: IfMatch) -> AccountAnswer:
        """For a lost telephone: the password alone signs in again."""
        changed = await self._managing.remove_second_factor(id, expected)
        etag(response, changed.sequence)
        return AccountAnswer.of(changed)

    @post("/{id}/reset", Role.OPERATOR)
    async def reset_password(self, *, who: Who, id: AccountInPath) -> LinkAnswer:
        """Make a link to choose another password: it works for an hour, once, and goes by mail if there is a server for
        mails."""
        if not self._resetting.sends_mail:
            return LinkAnswer(link=await self._resetting.link(id, who.id))
        if not await self._resetting.send(id):
            raise QuotaSpent("Sudah terlalu banyak surel dikirim ke akun ini.")
        return LinkAnswer(link=None)
