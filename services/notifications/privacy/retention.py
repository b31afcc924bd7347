"""Erases contacts whose days are over: so many days after the last one on which they were valid."""

from __future__ import annotations

from datetime import timedelta

import structlog

from services.notifications.kinds import CONTACT
from services.notifications.privacy.erasing import ContactErasure
from shared.clock import Clock
from shared.ports.store import Range, Store

AT_ONCE = 500  # contacts in one run
BY = "retention"  # in place of an account

log = structlog.get_logger("privacy")


class ContactRetention:
    """days: 0: contacts are kept until somebody erases them."""

    def __init__(self, store: Store, erasing: ContactErasure, clock: Clock, days: int) -> None:
        self._store = store
        self._erasing = erasing
        self._clock = clock
        self._days = days

    async def run(self) -> int:
        """Erase what is due; how many contacts. Raises StoreAway, Misconfigured."""
        if not self._days:
            return 0
        last = (self._clock.now().date() - timedelta(days=self._days)).isoformat()
        rows = self._store.scan(CONTACT.name, {"erased": 0, "valid_to": Range(below=last)}, ())
        due = [row.id async for row in rows]
        await self._erasing.erase_many(due[:AT_ONCE], BY)
        if due:
            log.info("contacts.retention", erased=min(len(due), AT_ONCE), waiting=max(0, len(due) - AT_ONCE))
        return min(len(due), AT_ONCE)
