"""The channel that only writes a log line, for trials and tests. It notifies nobody and logs no personal data."""

from __future__ import annotations

import structlog

from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.sending.channel import HandOver

log = structlog.get_logger("notifications")


class LogChannel:
    """See `Channel`."""

    name = "log"

    async def hand_over(self, message: HandOver) -> Answer:
        """Log one line with ids, without name and address."""
        log.info(
            "alert.handed_over",
            attempt=message.attempt,
            alerts=[
                f"{alert.reason.agency}/{alert.reason.year} {alert.reason.what}" for alert in message.content.alerts
            ],
        )
        return Answer(AnswerClass.ACCEPTED)
