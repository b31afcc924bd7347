"""An invitation: an account that waits for its person to choose a password. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from pydantic import Field

from services.portal.accounts.account import Account
from services.portal.accounts.mail.due import MailDue, MailState
from shared.auth.policy import Role
from shared.storage.models import replaced
from shared.storage.stored import Stored

LASTS = timedelta(days=7)
KEPT = timedelta(days=30)
"""After it ended, an invitation is erased."""

SHOWN = timedelta(minutes=10)
"""For so long whoever made a link may see it again."""

_MILLISECOND = timedelta(milliseconds=1)


class InvitationStatus(StrEnum):
    """Of an open one the link works until it expires."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REVOKED = "revoked"


class Invitation(Stored):
    """Its id becomes the account's. turn: how often a link was made; digest: of the newest link's code; until: machine
    milliseconds; mail: the mail that is owed; by: the account or command that invites; turned_by: who made the newest
    link; created_at: business time."""

    name: str
    email: str
    role: Role
    region: str | None = None
    agencies: tuple[str, ...] = ()
    status: InvitationStatus = InvitationStatus.OPEN
    turn: int = 1
    digest: str = Field(repr=False)
    until: int
    mail: MailDue = MailDue()
    by: str
    turned_by: str
    created_at: datetime

    @property
    def expires(self) -> datetime:
        """When its newest link ends."""
        return datetime.fromtimestamp(self.until / 1000, UTC)

    def is_open(self, now: int) -> bool:
        """Whether its newest link works. now: machine milliseconds."""
        return self.status is InvitationStatus.OPEN and now < self.until

    def is_told(self, account: str, now: int) -> bool:
        """Whether its link may be shown to this account: to whoever made it, for a while, unless a mail carries it."""
        fresh = now < self.until - (LASTS - SHOWN) // _MILLISECOND
        return fresh and self.turned_by == account and self.mail.state is MailState.NONE

    def renewed(self, digest: str, now: int, by: str, *, mail: bool) -> Invitation | None:
        """With another link, valid for as long as a new one; a former link is none any more. None: it is not open. by:
        an account or a command; mail: whether the link is to be sent."""
        if self.status is not InvitationStatus.OPEN:
            return None
        due = MailDue.at(now) if mail else MailDue()
        return replaced(self, turn=self.turn + 1, digest=digest, until=until_of(now), mail=due, turned_by=by)

    def accepted(self) -> Invitation | None:
        """None: it was not open."""
        return self._over(InvitationStatus.ACCEPTED)

    def revoked(self) -> Invitation | None:
        """None: it was not open."""
        return self._over(InvitationStatus.REVOKED)

    def account(self, name: str, hash: str, at: datetime) -> Account:
        """The account that it becomes. hash: of the password; at: business time."""
        return Account(
            name=name,
            email=self.email,
            role=self.role,
            region=self.region,
            agencies=self.agencies,
            password=hash,
            created_at=at,
            by=self.by,
        )

    def _over(self, status: InvitationStatus) -> Invitation | None:
        if self.status is not InvitationStatus.OPEN:
            return None
        return replaced(self, status=status, digest="", mail=MailDue())


def until_of(now: int) -> int:
    """When a link that is made now ends. Both in machine milliseconds."""
    return now + LASTS // _MILLISECOND
