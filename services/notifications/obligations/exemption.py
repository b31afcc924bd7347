"""A decree that exempts an agency for a year. Pure state transitions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from pydantic import Field

from services.notifications.state import Bit, DocumentState, replaced


class Exemption(DocumentState):
    """decree: its number, decree_date: its day, None: not known; by: the account id of the curator who changed it last;
    in_force: stored as `stands`; lifts: how many times it was lifted, lifted_at: the last time (business time).

    A lifted exemption is kept, so that the obligation derived from it sees a newer version."""

    agency: str
    region: str
    year: int
    decree: str
    reason: str
    by: str
    in_force: Bit = Field(default=True, validation_alias="stands", serialization_alias="stands")
    decree_date: date | None = None
    lifts: int = 0
    lifted_at: datetime | None = None

    def lifted(self, by: str, at: datetime) -> Self | None:
        """The exemption taken back; None when it is not in force."""
        if not self.in_force:
            return None
        return replaced(self, in_force=False, by=by, lifts=self.lifts + 1, lifted_at=at)

    def granted(self, before: Exemption | None) -> Self | None:
        """The exemption in the place of the one before, with the count of its liftings; None when nothing changes."""
        if before is None:
            return self
        if before.equals(self):
            return None
        return replaced(self, lifts=before.lifts, lifted_at=before.lifted_at)

    def equals(self, other: Exemption) -> bool:
        """Whether both have the same effect and the same grounds."""
        mine, others = ((each.decree, each.decree_date, each.reason, each.in_force) for each in (self, other))
        return mine == others
