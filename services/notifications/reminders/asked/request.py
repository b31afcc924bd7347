"""A curator's request to remind agencies now, as it is stored: who asked for whom, and what came of it. It names no
person who is told. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from services.notifications.reminders.asked.outcome import Outcome
from services.notifications.state import Bit, DocumentState, replaced
from shared.storage.stored import Stored


class AskedAgency(DocumentState):
    """One agency of a request. email, whatsapp: of TELL: how many persons are told first through that channel."""

    agency: str
    outcome: Outcome
    email: int = 0
    whatsapp: int = 0


class ReminderRequest(Stored):
    """day: the region's local day on which it was asked; agencies: in the order of the request; waiting: no sweep has
    put its alerts into messages yet (indexed); at: business time; by: the curator's account."""

    region: str
    year: int
    day: date
    agencies: tuple[AskedAgency, ...]
    waiting: Bit
    at: datetime
    by: str

    @property
    def told(self) -> tuple[str, ...]:
        """The ids of the agencies whose people are told."""
        return tuple(each.agency for each in self.agencies if each.outcome is Outcome.TELL)

    def looked_at(self) -> Self | None:
        """Once a sweep has dealt with it; None when one has."""
        return replaced(self, waiting=False) if self.waiting else None
