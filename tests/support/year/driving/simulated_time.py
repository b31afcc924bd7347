"""Both times of a process, moved by hand: leases, retries and receipts follow business time in a simulated year."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared import clock
from tests.support.notifications_service import FixedClock


class SimulatedTime(FixedClock):
    """Business time that does not pass by itself; with `govern`, machine time is the same."""

    def __init__(self, at: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        super().__init__(at)

    def govern(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Machine time is this time until the test ends."""
        monkeypatch.setattr(clock, "time", self)
        monkeypatch.setattr(clock.Clock, "machine", staticmethod(self.now))

    def time_ns(self) -> int:
        """As of the module `time`."""
        return int(self.at.timestamp() * 1000) * 1_000_000

    def monotonic(self) -> float:
        """As of the module `time`."""
        return self.at.timestamp()
