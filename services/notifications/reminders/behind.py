"""Deadlines that passed hours ago and about which the registry has not reported everything yet."""

from __future__ import annotations

from datetime import timedelta

from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.repositories import obligation_repository
from services.notifications.obligations.summary import summary_of
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.reasons import DueReason, behind_reason
from shared.ports.store import Store

PATIENCE = timedelta(hours=12)
_SEEN = 50  # obligations; all of a year wait for the same report


class BehindList:
    """Reads one store."""

    def __init__(self, store: Store) -> None:
        self._obligations = obligation_repository(store)

    async def __call__(self, frame: RegionFrame) -> list[DueReason]:
        """One reason for each year of the region whose duties have waited longer than PATIENCE. On another day than
        today, none: nobody knows."""
        if frame.dry:
            return []
        where = {"region": frame.code, "stands": ObligationPhase.REGISTRY.value}
        found: dict[tuple[int, int], DueReason] = {}
        for each in (await self._obligations.list(where, limit=_SEEN, after=None)).items:
            duty = summary_of(each.value)
            if duty is None or duty.waiting_since is None or frame.now - duty.waiting_since < PATIENCE:
                continue
            since = frame.local_day(duty.waiting_since + PATIENCE)
            found[duty.year, duty.deadline_revision] = behind_reason(
                frame.code, duty.year, duty.deadline_revision, since
            )
        return list(found.values())
