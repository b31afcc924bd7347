"""The port to a provider that delivers messages. Adapters: `email.py`, `log.py`."""

from __future__ import annotations

from typing import Protocol

from services.notifications.messages.attempt import AttemptOutcome
from services.notifications.messages.rendering import RenderedMessage


class Channel(Protocol):
    """One way to reach a person."""

    @property
    def name(self) -> str:
        """As events and messages name it."""

    async def hand_over(self, message: RenderedMessage) -> AttemptOutcome:
        """Hand the message over once, within the channel's whole timeout (far below `attempt.LEASE`). Raises nothing
        for what a provider or a network can do. Returns UNANSWERED only when the provider may have accepted it."""
