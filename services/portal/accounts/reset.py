"""A link to choose another password, of one account at a time. Pure."""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from services.portal.accounts.mail.due import MailDue
from shared.storage.models import replaced

LASTS = timedelta(hours=1)
MOST_MAILS = 3
"""Mails of one account within WINDOW: whoever knows an address must not be able to fill its mailbox."""

WINDOW = timedelta(hours=1)
_MILLISECOND = timedelta(milliseconds=1)


class Reset(BaseModel):
    """Its id is the account's. turn: how often a link was made; digest: of the newest one's code, empty: none works;
    until: machine milliseconds; asked: when links were asked for lately, likewise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    turn: int = 0
    digest: str = Field(default="", repr=False)
    until: int = 0
    asked: tuple[int, ...] = ()
    mail: MailDue = MailDue()

    def is_open(self, now: int) -> bool:
        """Whether its newest link works. now: machine milliseconds."""
        return bool(self.digest) and now < self.until

    def asked_for(self, digest: str, now: int, *, mail: bool) -> Reset | None:
        """With a new link. None: too many mails were asked for lately. mail: whether it is to be sent."""
        lately = tuple(each for each in self.asked if now - each < WINDOW // _MILLISECOND)
        if mail and len(lately) >= MOST_MAILS:
            return None
        due = MailDue.at(now) if mail else MailDue()
        until = now + LASTS // _MILLISECOND
        return Reset(turn=self.turn + 1, digest=digest, until=until, asked=(*lately, now) if mail else lately, mail=due)

    def used(self) -> Reset:
        """No link works any more."""
        return replaced(self, digest="", mail=MailDue())
