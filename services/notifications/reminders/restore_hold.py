"""The hold after a restore: alerts that may have been sent after the backup wait until the operator decides. Pure.

The backup's alert logs do not know the messages between the backup and the loss. So an alert is held if its reason
was due up to the day of the restore and it is not in the log.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from services.notifications.obligations.deadlines import local_date
from services.notifications.reminders.reasons import DueReason
from services.notifications.state import Bit, DocumentState
from shared.contracts.vocabulary import Zone


class RestoreHold(DocumentState):
    """backup_at: machine time of the backup; restored_at: business time of the restore; regions: the codes of those
    that were restored for themselves, empty: all."""

    active: Bit
    backup_at: datetime
    restored_at: datetime
    regions: tuple[str, ...] = ()

    @classmethod
    def after(cls, before: Self | None, *, backup_at: datetime, restored_at: datetime, region: str | None) -> Self:
        """The hold after another restore. before: the last one; while it is active, what it holds stays held."""
        mine = () if region is None else (region,)
        if before is None or not before.active:
            return cls(active=True, backup_at=backup_at, restored_at=restored_at, regions=mine)
        every = not mine or not before.regions
        return cls(
            active=True,
            backup_at=min(backup_at, before.backup_at),
            restored_at=max(restored_at, before.restored_at),
            regions=() if every else tuple(sorted({*before.regions, *mine})),
        )

    def concerns(self, region: str) -> bool:
        """Whether alerts of that region are held."""
        return not self.regions or region in self.regions

    def covers(self, due: DueReason, zone: Zone) -> bool:
        """Whether an alert of this reason that is not in the log may have been sent before the restore."""
        return due.first <= local_date(self.restored_at, zone)
