"""Whether alerts leave this system: the mode that an operator has set, and the stop switch. Pure state transitions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Self

from services.notifications.state import DocumentState, replaced

MODE_ID = "mode"
"""The id of the one document."""


class Mode(StrEnum):
    """LOG: nothing is put into messages and nothing is sent; ALLOW_LIST: only for the persons on the list; LIVE: for
    everybody."""

    LOG = "log"
    ALLOW_LIST = "allow-list"
    LIVE = "live"


class AlertingMode(DocumentState):
    """allowed: opaque ids of persons, for ALLOW_LIST; stopped: the stop switch: nothing is sent in any mode, and
    nothing is put into messages; by: an account id, `upgrade` or `first-start`; since: business time of the last
    change. Transitions return None for no change."""

    mode: Mode = Mode.LOG
    allowed: tuple[str, ...] = ()
    stopped: bool = False
    by: str = ""
    since: datetime | None = None

    def reaches(self, person: str) -> bool:
        """Whether alerts to this person are put into messages, and sent."""
        if self.stopped or self.mode is Mode.LOG:
            return False
        return self.mode is Mode.LIVE or person in self.allowed

    @property
    def silent(self) -> bool:
        """Whether nobody is reached."""
        return self.stopped or self.mode is Mode.LOG or (self.mode is Mode.ALLOW_LIST and not self.allowed)

    @property
    def reaches_everybody(self) -> bool:
        """Whether nobody is left out."""
        return self.mode is Mode.LIVE and not self.stopped

    def set(self, mode: Mode, allowed: tuple[str, ...], *, by: str, since: datetime) -> Self | None:
        """Another mode. allowed: kept for ALLOW_LIST only."""
        listed = tuple(sorted(set(allowed))) if mode is Mode.ALLOW_LIST else ()
        if (mode, listed) == (self.mode, self.allowed):
            return None
        return replaced(self, mode=mode, allowed=listed, by=by, since=since)

    def switched(self, *, stopped: bool, by: str, since: datetime) -> Self | None:
        """The stop switch on or off. The mode stays."""
        return replaced(self, stopped=stopped, by=by, since=since) if stopped != self.stopped else None
