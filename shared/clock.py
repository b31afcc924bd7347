"""The two times of a process.

*Business* time decides years, deadlines, `submitted_at` and the dates in texts; a demo or a test may set it.
*Machine* time decides sequences, leases, retries, tokens and metrics; it is never set.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Both times of one process. All values are aware datetimes in UTC.

    set_at: machine milliseconds at which business time was set last, 0: it never was. What lies before it by business
    time did not last that long: the time in between was passed over.
    """

    set_at = 0

    def __init__(self, business_start: datetime | None = None) -> None:
        """business_start: business time starts there now and runs on; None: business time is machine time."""
        self._offset = timedelta(0)
        if business_start is not None:
            self.move_to(business_start)

    def now(self) -> datetime:
        """Business time."""
        return self.machine() + self._offset

    def move_to(self, moment: datetime) -> None:
        """Set business time to `moment` (aware); it runs on from there. For the demo and tests."""
        if moment.tzinfo is None:
            raise ValueError("a time without a zone is ambiguous")
        self._offset = moment.astimezone(UTC) - self.machine()
        self.set_at = machine_ms()

    @staticmethod
    def machine() -> datetime:
        """Machine time."""
        return datetime.now(UTC)


def machine_ms() -> int:
    """Machine time in whole milliseconds since the epoch: the least sequence of a change made now."""
    return time.time_ns() // 1_000_000


def machine_seconds() -> float:
    """Monotonic seconds, for durations only."""
    return time.monotonic()


class SetBack:
    """Notices that machine time was set back, by comparing it with the monotonic clock."""

    def __init__(self) -> None:
        """From now on."""
        self._ahead = _ahead()

    def happened(self) -> bool:
        """Whether it was set back by a second or more since the last True, or since the beginning."""
        ahead = _ahead()
        if ahead > self._ahead - 1:
            self._ahead = max(self._ahead, ahead)
            return False
        self._ahead = ahead
        return True


def _ahead() -> float:
    """Seconds between the two clocks."""
    return machine_ms() / 1000 - machine_seconds()
