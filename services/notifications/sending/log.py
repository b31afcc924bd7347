"""The channel that only writes a log line, for trials and tests. It notifies nobody and logs no personal data."""

from __future__ import annotations

import structlog

from services.notifications.messages.attempt import TAKEN, AttemptOutcome
from services.notifications.messages.rendering import RenderedMessage

log = structlog.get_logger("notifications")


class LogChannel:
    """See `Channel`."""

    name = "log"

    async def hand_over(self, message: RenderedMessage) -> AttemptOutcome:
        """Log one line with ids, without name and address."""
        log.info(
            "alert.handed_over",
            message=message.message,
            alerts=[f"{alert.reason.agency}/{alert.reason.year} {alert.reason.what}" for alert in message.alerts],
        )
        return TAKEN
