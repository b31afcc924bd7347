"""How far an endpoint has got: its cursor, its lease, its failures in a row, and what was asked for besides. Pure.

It is a document apart from the endpoint, so that a delivery changes nothing that somebody may be editing.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from services.feed.endpoints.schedule import LONGEST_RETRY_AFTER, is_hopeless, wait_after
from shared.storage.models import replaced

LEASE = timedelta(seconds=30)
"""Longer than a hand-over with all its limits."""

MOST_WANTED = 100
_LONGEST = 60_000  # milliseconds: a lease that ends later is one from before the clock was set back
_LONGEST_WAIT = round(LONGEST_RETRY_AFTER * 1000)
_LEASE = LEASE // timedelta(milliseconds=1)


class WantedKind(StrEnum):
    """A test event, or the newest event of a subject once more."""

    TEST = "test"
    REDELIVERY = "redelivery"


class Wanted(BaseModel):
    """id: of the request; subject: of a redelivery."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: WantedKind
    id: str
    subject: str = ""


class Lease(BaseModel):
    """until: machine milliseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: str
    until: int


class Progress(BaseModel):
    """cursor: of the last event that was accepted or passed over, empty: the beginning; failures: in a row;
    failing_since, due: machine milliseconds, of the first of them and of the next attempt; number: of the next entry in
    the log; wanted, done: what was asked for, and the ids of what of it was done lately."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cursor: str = ""
    lease: Lease | None = None
    failures: int = 0
    failing_since: int | None = None
    due: int = 0
    number: int = 1
    wanted: tuple[Wanted, ...] = ()
    done: tuple[str, ...] = ()

    def is_free(self, now: int) -> bool:
        """Whether nobody holds a lease."""
        return self.lease is None or not now < self.lease.until <= now + _LONGEST

    def is_held(self, token: str) -> bool:
        """Whether that is the token of the lease. One that has ended is held until another takes it."""
        return self.lease is not None and self.lease.token == token

    def has_work(self, now: int) -> bool:
        """Whether an attempt may be made now. A wait that the longest step cannot explain is from before the clock was
        set back."""
        return bool(self.wanted) or not now < self.due <= now + _LONGEST_WAIT

    def leased(self, token: str, now: int) -> Progress:
        """Held from now on."""
        return replaced(self, lease=Lease(token=token, until=now + _LEASE))

    def released(self) -> Progress:
        """Held by nobody."""
        return replaced(self, lease=None)

    def accepted(self, cursor: str) -> Progress:
        """After a success. cursor: the new one."""
        return replaced(self, cursor=cursor, failures=0, failing_since=None, due=0)

    def failed(self, now: int, retry_after: float | None, chance: float) -> Progress:
        """After a failure. retry_after: seconds; chance: from 0 to 1."""
        failures = self.failures + 1
        wait = wait_after(failures, retry_after, chance)
        since = self.failing_since if self.failing_since is not None else now
        return replaced(self, failures=failures, failing_since=since, due=now + round(wait * 1000))

    def is_hopeless(self, active_since: int, now: int) -> bool:
        """Whether to disable the endpoint. active_since: machine milliseconds since when it is active."""
        since = self.failing_since
        return since is not None and is_hopeless(self.failures, max(since, active_since), now)

    def begun_anew(self) -> Progress:
        """Without its failures: the endpoint was enabled."""
        return replaced(self, failures=0, failing_since=None, due=0)

    def restarted(self) -> Progress:
        """At the beginning of the feed: the cursor is of another generation."""
        return replaced(self, cursor="")

    def logged(self, entries: int) -> Progress:
        """After so many entries in the log."""
        return replaced(self, number=self.number + entries)

    def wanting(self, wanted: Wanted) -> Progress | None:
        """With one request more; None when it is known already, or there are too many."""
        if len(self.wanted) >= MOST_WANTED or wanted.id in {*self.done, *(each.id for each in self.wanted)}:
            return None
        return replaced(self, wanted=(*self.wanted, wanted))

    def without(self, wanted: Wanted) -> Progress:
        """With that request done."""
        left = tuple(each for each in self.wanted if each.id != wanted.id)
        return replaced(self, wanted=left, done=(*self.done, wanted.id)[-MOST_WANTED:])
