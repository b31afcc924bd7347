"""When a mail is to be sent, and what became of it. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict

STEPS = (30_000, 120_000, 600_000, 1_800_000, 7_200_000, 21_600_000)
"""Milliseconds until the next try, after the first failure, the second …; after the last one it is given up."""


class MailState(StrEnum):
    """NONE: nothing is to be sent; FAILED: it was refused, or given up."""

    NONE = "none"
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class MailDue(BaseModel):
    """due: machine milliseconds of the next try, None: none; tries: that failed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: MailState = MailState.NONE
    due: int | None = None
    tries: int = 0

    @classmethod
    def at(cls, now: int) -> Self:
        """To be sent at once."""
        return cls(state=MailState.WAITING, due=now)

    def sent(self) -> MailDue:
        """The server has accepted it."""
        return MailDue(state=MailState.SENT, tries=self.tries)

    def refused(self) -> MailDue:
        """The server has refused it for good."""
        return MailDue(state=MailState.FAILED, tries=self.tries + 1)

    def away(self, now: int) -> MailDue:
        """The server did not answer, or asks to come again."""
        if self.tries >= len(STEPS):
            return self.refused()
        return MailDue(state=MailState.WAITING, due=now + STEPS[self.tries], tries=self.tries + 1)
