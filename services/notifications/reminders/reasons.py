"""Which reasons are due on a local day. Pure: the sweep, the due list, the sender and dry runs ask the same functions.

A reason is due on a span of local days; what was due and never told remains only in the lists of curator and
executive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shared.contracts.message import Reason


@dataclass(frozen=True)
class DueReason:
    """A reason and the local days, both included, on which it is due. last: None while the fact itself lasts."""

    reason: Reason
    first: date
    last: date | None = None

    def due_on(self, day: date) -> bool:
        """Whether it is due on `day`."""
        return self.first <= day and (self.last is None or day <= self.last)
