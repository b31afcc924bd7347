"""Whether a channel is stopped, as it is stored. Pure state transitions."""

from __future__ import annotations

from typing import Self

from services.notifications.state import Bit, DocumentState, replaced


class ChannelState(DocumentState):
    """code: the provider's, of the refusal that stopped it; since, probe_at: machine milliseconds of the stop and of
    the next probe. Transitions return None for no change."""

    stopped: Bit
    code: str
    since: int
    probe_at: int

    def probe(self, now: int, following: int) -> Self | None:
        """The state after a probe at `now` was claimed; None unless one is due. following: when the next one is due."""
        return replaced(self, probe_at=following) if self.stopped and self.probe_at <= now else None

    def resumed(self) -> Self | None:
        """The channel in use again."""
        return replaced(self, stopped=False) if self.stopped else None
