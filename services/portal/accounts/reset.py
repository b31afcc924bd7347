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
SHOWN = timedelta(minutes=10)
"""For so long whoever made a link may see it again."""

_MILLISECOND = timedelta(milliseconds=1)


class Reset(BaseModel):
    """Its id is the account's. turn: how often a link was made; digest: of the newest one's code, empty: none works;
    until: machine milliseconds; asked: when links were asked for lately, likewise; by: who made the newest one to hand
    it on, empty: a mail carries it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    turn: int = 0
    digest: str = Field(default="", repr=False)
    until: int = 0
    asked: tuple[int, ...] = ()
    by: str = ""
    mail: MailDue = MailDue()

    def is_open(self, now: int) -> bool:
        """Whether its newest link works. now: machine milliseconds."""
        return bool(self.digest) and now < self.until

    def is_told(self, account: str, now: int) -> bool:
        """Whether its link may be shown to this account: to whoever made it, for a while."""
        return bool(self.digest) and self.by == account and now < self.until - (LASTS - SHOWN) // _MILLISECOND

    def mailed(self, digest: str, now: int) -> Reset | None:
        """With a new link that is to be sent. None: too many mails were asked for lately."""
        lately = tuple(each for each in self.asked if now - each < WINDOW // _MILLISECOND)
        if len(lately) >= MOST_MAILS:
            return None
        until = now + LASTS // _MILLISECOND
        return Reset(turn=self.turn + 1, digest=digest, until=until, asked=(*lately, now), mail=MailDue.at(now))

    def made(self, digest: str, now: int, by: str) -> Reset:
        """With a new link that somebody hands on."""
        until = now + LASTS // _MILLISECOND
        return Reset(turn=self.turn + 1, digest=digest, until=until, asked=self.asked, by=by)

    def used(self) -> Reset:
        """No link works any more."""
        return replaced(self, digest="", mail=MailDue())
