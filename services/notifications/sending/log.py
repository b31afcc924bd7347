"""The channel that only says so: for trials, dry seasons and tests. It reaches nobody, and names nobody."""

from __future__ import annotations

import structlog

from services.notifications.messages.attempt import TAKEN, AttemptOutcome
from services.notifications.messages.letter import Letter

log = structlog.get_logger("notifications")


class LogChannel:
    """See `Channel`."""

    name = "log"

    async def hand_over(self, letter: Letter) -> AttemptOutcome:
        """One line with ids, no name and no address."""
        log.info(
            "alert.handed_over",
            message=letter.message,
            alerts=[f"{alert.agency}/{alert.year} {alert.stage}" for alert in letter.alerts],
        )
        return TAKEN
