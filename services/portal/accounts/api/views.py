"""The answers about accounts and invitations. Lists mask addresses and names; nothing shows a password, a second factor
or a code."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, Field

from services.portal.accounts.account import Account, AccountStatus
from services.portal.accounts.address import masked
from services.portal.accounts.invitation import Invitation, InvitationStatus
from services.portal.accounts.inviting import Invited
from services.portal.accounts.mail.due import MailState
from shared.auth.policy import Role
from shared.storage.repository import Versioned


class AccountAnswer(BaseModel):
    """email: whole only where one account is read; second_factor: whether it has one; last_seen: the UTC day of the
    last sign-in."""

    id: str
    name: str
    email: str = Field(examples=["inovasi@dinas.example"])
    role: Role
    region: str | None
    agencies: list[str]
    status: AccountStatus
    second_factor: bool
    created_at: datetime
    last_seen: date | None

    @classmethod
    def of(cls, found: Versioned[Account], *, listed: bool = False) -> Self:
        """From the stored account. listed: in a list."""
        account = found.value
        return cls(
            id=found.id,
            name=account.name,
            email=masked(account.email) if listed else account.email,
            role=account.role,
            region=account.region,
            agencies=list(account.agencies),
            status=account.status,
            second_factor=account.second_factor is not None,
            created_at=account.created_at,
            last_seen=account.last_seen,
        )


class InvitationAnswer(BaseModel):
    """expires: when the newest link ends; mail: what became of the mail."""

    id: str
    name: str
    email: str = Field(examples=["inovasi@dinas.example"])
    role: Role
    region: str | None
    agencies: list[str]
    status: InvitationStatus
    expires: datetime
    mail: MailState
    created_at: datetime

    @classmethod
    def of(cls, found: Versioned[Invitation], *, listed: bool = False) -> Self:
        """From the stored invitation. listed: in a list."""
        return cls(**_fields(found, listed=listed))


class InvitedAnswer(InvitationAnswer):
    """link: to hand on; null where a mail carries it, and when it is over."""

    link: str | None = Field(examples=["https://inovasi.kuburaya.example/undangan?kode=…"])

    @classmethod
    def made(cls, invited: Invited, *, by_mail: bool) -> Self:
        """From an invitation that was made or renewed."""
        return cls(**_fields(invited.invitation), link=None if by_mail else invited.link)


class LinkAnswer(BaseModel):
    """link: to hand on; null where a mail carries it."""

    link: str | None = Field(examples=["https://inovasi.kuburaya.example/lupa-sandi/baru?kode=…"])


class AccountsPage(BaseModel):
    """A page."""

    items: list[AccountAnswer]
    next: str | None


class InvitationsPage(BaseModel):
    """A page."""

    items: list[InvitationAnswer]
    next: str | None


def _fields(found: Versioned[Invitation], *, listed: bool = False) -> dict[str, object]:
    invitation = found.value
    return {
        "id": found.id,
        "name": invitation.name,
        "email": masked(invitation.email) if listed else invitation.email,
        "role": invitation.role,
        "region": invitation.region,
        "agencies": list(invitation.agencies),
        "status": invitation.status,
        "expires": invitation.expires,
        "mail": invitation.mail.state,
        "created_at": invitation.created_at,
    }
