"""The passed deadlines of a region about which the registry has not reported everything yet, as reasons."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.notifications.obligations.behind import PATIENCE, Behind, behind
from services.notifications.obligations.deadlines import closes_at
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.reasons import DueReason, behind_reason
from shared.clock import machine_seconds
from shared.contracts.region import deadline_in_force
from shared.ports.store import Store

_SAME_TIME = timedelta(minutes=1)  # of business time, which a demo or a test may set
KEPT_FOR = 30.0  # seconds: one reading serves all regions


class BehindList:
    """Reads one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read_at: tuple[float, datetime] | None = None
        self._found: list[Behind] = []

    async def __call__(self, frame: RegionFrame) -> list[DueReason]:
        """One reason for each year of the region. On another day than today none: nobody knows."""
        if frame.dry:
            return []
        found: list[DueReason] = []
        for each in await self._all(frame.now):
            deadline = deadline_in_force(frame.region.deadlines, each.year)
            if each.region == frame.code and deadline is not None and deadline.revision == each.revision:
                since = closes_at(deadline, frame.zone) + PATIENCE
                found.append(behind_reason(frame.code, each.year, each.revision, frame.local_day(since)))
        return found

    async def _all(self, now: datetime) -> list[Behind]:
        seconds = machine_seconds()
        if self._read_at is None or seconds - self._read_at[0] > KEPT_FOR or abs(now - self._read_at[1]) > _SAME_TIME:
            self._found = await behind(self._store, now)
            self._read_at = seconds, now
        return self._found
