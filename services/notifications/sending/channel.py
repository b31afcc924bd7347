"""The port to whoever carries a letter. Adapters: `email.py`, `log.py`."""

from __future__ import annotations

from typing import Protocol

from services.notifications.messages.attempt import AttemptOutcome
from services.notifications.messages.letter import Letter


class Channel(Protocol):
    """One way to a person."""

    @property
    def name(self) -> str:
        """As events and messages name it."""

    async def hand_over(self, letter: Letter) -> AttemptOutcome:
        """Hand the letter over, once, within the channel's whole timeout (far below `attempt.LEASE`). Raises nothing
        for what a provider or a network can do; says UNANSWERED only when the provider may have it."""
