"""A decree that exempts an agency for a year. Pure state transitions."""

from __future__ import annotations

from typing import Self

from pydantic import Field

from services.notifications.state import Bit, DocumentState, replaced


class Exemption(DocumentState):
    """by: the account id of the curator who changed it last; in_force: stored as `stands`. A lifted exemption is kept,
    so that the obligation derived from it sees a newer version."""

    agency: str
    region: str
    year: int
    decree: str
    reason: str
    by: str
    in_force: Bit = Field(default=True, validation_alias="stands", serialization_alias="stands")

    def lifted(self, by: str) -> Self | None:
        """The exemption taken back; None when it is not in force."""
        return replaced(self, in_force=False, by=by) if self.in_force else None

    def equals(self, other: Exemption) -> bool:
        """Whether both have the same effect and the same grounds."""
        return (self.decree, self.reason, self.in_force) == (other.decree, other.reason, other.in_force)
