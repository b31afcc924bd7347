"""A session: what a browser's cookie stands for. Pure.

Its id is the SHA-256 of the cookie, so that nobody who reads the store has a cookie.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, Field

from shared.storage.models import replaced

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(days=7)
HALF = timedelta(minutes=10)
"""How long a session waits for the code of the second factor."""

NOTED_EVERY = timedelta(minutes=5)
"""That it was used is written at most so often."""

_MILLISECOND = timedelta(milliseconds=1)
_BYTES = 32


class Step(StrEnum):
    """CODE: the password was right, the second factor is awaited; OPEN: signed in; OVER: signed out or ended."""

    CODE = "code"
    OPEN = "open"
    OVER = "over"


class Session(BaseModel):
    """generation: of the account when it began; begun_at, seen_at: machine milliseconds; until: when it ends whatever
    happens; device: the browser as the list of sessions names it; onward: the path to go to once it is open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: str
    generation: int
    step: Step
    csrf: str = Field(repr=False)
    begun_at: int
    seen_at: int
    until: int
    device: str = ""
    onward: str = ""

    @property
    def begun(self) -> datetime:
        """When it began."""
        return _moment(self.begun_at)

    @property
    def seen_last(self) -> datetime:
        """When it was used last, as far as noted."""
        return _moment(self.seen_at)

    def is_valid(self, now: int) -> bool:
        """Whether it is neither over nor out of time. now: machine milliseconds."""
        idle = HALF if self.step is Step.CODE else IDLE
        return self.step is not Step.OVER and now < self.until and now - self.seen_at < idle // _MILLISECOND

    def seen(self, now: int) -> Session | None:
        """Used now. None: that need not be written."""
        return replaced(self, seen_at=now) if now - self.seen_at >= NOTED_EVERY // _MILLISECOND else None

    def ended(self) -> Session | None:
        """None: it is over already."""
        return replaced(self, step=Step.OVER, csrf="") if self.step is not Step.OVER else None


def begun(account: str, generation: int, step: Step, now: int, *, device: str = "", onward: str = "") -> Session:
    """A new session. now: machine milliseconds."""
    return Session(
        account=account,
        generation=generation,
        step=step,
        csrf=secrets.token_urlsafe(_BYTES),
        begun_at=now,
        seen_at=now,
        until=now + ABSOLUTE // _MILLISECOND,
        device=device,
        onward=onward,
    )


def new_cookie() -> str:
    """256 bits."""
    return secrets.token_urlsafe(_BYTES)


def id_of(cookie: str) -> str:
    """The id of a cookie's session."""
    return sha256(cookie.encode()).hexdigest()


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
