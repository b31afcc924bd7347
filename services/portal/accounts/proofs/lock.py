"""The lock-out of an address after wrong passwords. Pure.

It is kept by address, whether or not there is such an account, so that it tells nobody which addresses have one.
"""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel, ConfigDict

FREE = 5  # failures in a row before the first lock
FIRST = timedelta(minutes=1)
LONGEST = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=24)
"""After so long without a failure the count begins anew."""

_MILLISECOND = timedelta(milliseconds=1)


class Lock(BaseModel):
    """Its id is a keyed digest of the address. failures: in a row; at: of the last one; until: when the lock ends; both
    machine milliseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    failures: int = 0
    at: int = 0
    until: int = 0

    def is_locked(self, now: int) -> bool:
        """Whether nothing is tried now. now: machine milliseconds."""
        return now < self.until

    def failed(self, now: int) -> Lock:
        """One failure more: from the fifth on it locks for 1, 2, 4, 8, 15 minutes."""
        before = 0 if now - self.at >= FORGOTTEN // _MILLISECOND else self.failures
        failures = before + 1
        beyond = failures - FREE
        wait = min(FIRST * 2 ** min(beyond, 10), LONGEST) if beyond >= 0 else timedelta(0)
        return Lock(failures=failures, at=now, until=now + wait // _MILLISECOND if wait else 0)
