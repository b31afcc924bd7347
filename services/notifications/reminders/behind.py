"""The passed deadlines of a region about which the registry has not reported everything yet, as reasons."""

from __future__ import annotations

from services.notifications.obligations.behind import PATIENCE, behind
from services.notifications.obligations.deadlines import closes_at
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.reasons import DueReason, behind_reason
from shared.contracts.region import deadline_in_force
from shared.ports.store import Store


class BehindList:
    """Reads one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, frame: RegionFrame) -> list[DueReason]:
        """One reason for each year of the region. On another day than today none: nobody knows."""
        if frame.dry:
            return []
        found: list[DueReason] = []
        for each in await behind(self._store, frame.now):
            deadline = deadline_in_force(frame.region.deadlines, each.year)
            if each.region == frame.code and deadline is not None and deadline.revision == each.revision:
                since = closes_at(deadline, frame.zone) + PATIENCE
                found.append(behind_reason(frame.code, each.year, each.revision, frame.local_day(since)))
        return found
