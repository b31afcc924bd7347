"""Leases that are taken with writes, for a relay in this process that gets the events in memory."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from shared.adapters.sqlite.outbox import NewLease
from shared.clock import machine_ms
from shared.ports.store import Owed


@dataclass(frozen=True)
class HandOver:
    """To whom what this process writes is handed over. lease: how long its leases are."""

    to: Callable[[Owed], None]
    lease: timedelta
    _name: str = field(default_factory=lambda: uuid.uuid4().hex)
    _numbers: count[int] = field(default_factory=count)

    def new_lease(self) -> NewLease:
        """A lease from now on, under a token of its own."""
        until = machine_ms() + int(self.lease.total_seconds() * 1000)
        return NewLease(f"{self._name}-{next(self._numbers)}", until)
