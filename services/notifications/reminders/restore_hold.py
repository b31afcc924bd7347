"""The hold after a restore: alerts that may have been sent after the backup wait until the operator decides. Pure.

The backup's alert logs do not know the messages between the backup and the loss. So an alert is held if its reason
was due up to the day of the restore and it is not in the log.
"""

from __future__ import annotations

from datetime import datetime

from services.notifications.obligations.deadlines import local_date
from services.notifications.reminders.reasons import DueReason
from services.notifications.state import Bit, DocumentState
from shared.contracts.vocabulary import Zone


class RestoreHold(DocumentState):
    """backup_at: machine time of the backup; restored_at: business time of the restore."""

    active: Bit
    backup_at: datetime
    restored_at: datetime

    def covers(self, due: DueReason, zone: Zone) -> bool:
        """Whether an alert of this reason that is not in the log may have been sent before the restore."""
        return due.first <= local_date(self.restored_at, zone)
