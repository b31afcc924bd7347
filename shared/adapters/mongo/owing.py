"""Owes an event with the write that makes it, and leases it at once if a relay of this process publishes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from shared.adapters.claims import Claims
from shared.adapters.lease_owner import lease_owner
from shared.adapters.mongo.driver import Row
from shared.adapters.mongo.encoding import entry, last_event
from shared.adapters.mongo.tokens import token
from shared.clock import machine_ms, machine_seconds
from shared.ports.store import Owed, OwedEvent

_OTHERS_EVERY = 5.0  # seconds
LEASE = ("lease_until", "lease_token", "lease_owner")


@dataclass(frozen=True)
class Owing:
    """What a document owes by a write. fields: those that the write sets; entries: of the outbox; since: machine time
    in milliseconds; told: is called with the write's fate; handed_over: a relay of this process is given it."""

    fields: Row
    entries: list[Row]
    since: int
    told: Callable[[bool | Exception], None] | None = None

    @property
    def handed_over(self) -> bool:
        """Whether the relay of this process hears of the event by itself."""
        return self.told is not None


class HandOver:
    """Gives the events of this process's own writes to its relay, so that it need not look for them.

    A write whose fate is not known may have taken its lease: it counts as an unanswered claim. While there are any,
    nothing is handed over: with the server away they would become ever more.
    """

    def __init__(self, claims: Claims) -> None:
        self._claims = claims
        self._to: Callable[[Owed], None] | None = None
        self._lease = timedelta()
        self._owing: set[str] = set()  # kinds of which this process has owed or found an event
        self._look_at_all = 0.0  # machine seconds

    def saw(self, kinds: Iterable[str]) -> None:
        """Events of these kinds have been owed."""
        self._owing.update(kinds)

    def looked_at(self, kinds: Iterable[str]) -> list[str]:
        """Of these kinds, those that a claim looks at: all, but while events are handed over the ones of which no event
        has ever been seen only every _OTHERS_EVERY seconds. Most kinds never owe one."""
        now = machine_seconds()
        if self._to is not None and now < self._look_at_all:
            return [kind for kind in kinds if kind in self._owing]
        self._look_at_all = now + _OTHERS_EVERY
        return list(kinds)

    def to(self, to: Callable[[Owed], None] | None, lease: timedelta) -> None:
        """See `Outbox.hand_over`."""
        self._to, self._lease = to, lease

    def owing(self, kind: str, id: str, event: OwedEvent | None, audit: OwedEvent | None) -> Owing:
        """What a document owes by a write that is about to be made. audit: the audit entry."""
        self._owing.add(kind)
        now, to, unanswered = machine_ms(), self._to, self._claims.unanswered
        fields = {"last_event": last_event(event)} if event else {}
        events = tuple(each for each in (audit, event) if each is not None)
        entries = [entry(each, now) for each in events]
        if to is None or unanswered:
            return Owing(fields, entries, now)
        owed = Owed(kind, id, token(), events)

        def told(fate: bool | Exception) -> None:
            if isinstance(fate, Exception):
                unanswered.add(owed.token)
            elif fate:
                to(owed)

        until = now + int(self._lease.total_seconds() * 1000)
        lease = dict(zip(LEASE, (until, owed.token, lease_owner()), strict=True))
        return Owing(fields | lease, entries, now, told)
