"""The daily cap of a region: how many messages its persons get together on one local day. Pure state transitions."""

from __future__ import annotations

from datetime import date
from typing import Self

from services.notifications.state import DocumentState, replaced


class AlertCount(DocumentState):
    """count: messages that were put aside for the local day `day`."""

    day: date | None = None
    count: int = 0

    def on(self, day: date) -> int:
        """How many were put aside for that day."""
        return self.count if self.day == day else 0

    def reserved(self, day: date, wanted: int, cap: int) -> Self:
        """With as many of the `wanted` messages as the cap still allows. Earlier days are forgotten; a day before the
        kept one (business time was set back) begins anew."""
        before = self.on(day)
        return replaced(self, day=day, count=max(before, min(before + wanted, cap)))

    def given_back(self, day: date, unused: int) -> Self | None:
        """Without those that were not needed."""
        if self.day != day or not unused:
            return None
        return replaced(self, count=max(0, self.count - unused))
