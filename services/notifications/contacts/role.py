"""What a contact is to the agencies or to the region."""

from __future__ import annotations

from enum import StrEnum


class ContactRole(StrEnum):
    """OFFICER: keeps an agency's innovations; HEAD: leads the agency, told when no officer can be reached. CURATOR,
    EXECUTIVE: of the planning agency, and regent, mayor or regional secretary: of a region, without agencies; they get
    lists only."""

    OFFICER = "officer"
    HEAD = "head"
    CURATOR = "curator"
    EXECUTIVE = "executive"

    @property
    def of_agencies(self) -> bool:
        """Whether such a contact belongs to agencies; else to the region."""
        return self in (ContactRole.OFFICER, ContactRole.HEAD)
