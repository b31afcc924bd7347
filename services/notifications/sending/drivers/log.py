"""The channel that only writes a log line, for trials and tests. It notifies nobody and logs no personal data."""

from __future__ import annotations

import structlog

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.sending.channel import HandOver

log = structlog.get_logger("notifications")


class LogChannel:
    """See `Channel`. No process chooses it: in mode `log` nothing is put into a message at all."""

    driver = "log"
    has_receipts = False
    at_once = 20
    per_second = None

    def __init__(self, name: ChannelName = ChannelName.EMAIL) -> None:
        self.name = name

    async def hand_over(self, message: HandOver) -> Answer:
        """Log one line with ids, without name and address."""
        log.info(
            "alert.handed_over",
            message=message.content.message,
            attempt=message.attempt,
            channel=self.name.value,
            alerts=[alert.id for alert in message.content.alerts],
        )
        return Answer(AnswerClass.ACCEPTED)

    async def close(self) -> None:
        """Nothing is open."""
