"""An agency's duty for a year, and the compliance board."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from shared.contracts.vocabulary import AgencyKind, InnovationStatus, ObligationStatus


@dataclass(frozen=True)
class DutyView:
    """See `ObligationState`. late: it was fulfilled too late; sequence: the obligation's version."""

    agency: str
    region: str
    year: int
    status: ObligationStatus
    minimum: int
    deadline: date
    hour: time | None
    deadline_revision: int
    counted: tuple[str, ...]
    waiting: str | None
    on_time: bool | None
    fulfilled_at: datetime | None
    ground: str | None
    sequence: int

    @property
    def late(self) -> bool:
        """Whether it was fulfilled after the deadline."""
        return self.status is ObligationStatus.FULFILLED and self.on_time is False

    @property
    def missing(self) -> int:
        """How many innovations are still to be counted; 0 of a duty that is not owed."""
        owed = self.status in {ObligationStatus.OPEN, ObligationStatus.OVERDUE}
        return max(0, self.minimum - len(self.counted)) if owed else 0

    def days_left(self, today: date) -> int:
        """Days from a local day to the deadline's; 0 on that day, negative after it."""
        return (self.deadline - today).days


@dataclass(frozen=True)
class BoardRow:
    """An agency in a year. innovations: status → how many of that agency and year; cells: year → duty, of the years
    that were asked for and have one; year: the first of them."""

    agency: str
    agency_name: str
    kind: AgencyKind | None
    retired: bool
    region: str
    year: int
    innovations: Mapping[InnovationStatus, int] = field(default_factory=dict)
    cells: Mapping[int, DutyView] = field(default_factory=dict)

    @property
    def duty(self) -> DutyView | None:
        """The duty of that year; None: none is known."""
        return self.cells.get(self.year)


class BoardOrder(StrEnum):
    """NAME: by the agency's name; KIND: by its kind; LATE: overdue, waiting for verification, open, fulfilled late,
    fulfilled, exempt, without a duty; by name within each."""

    NAME = "name"
    KIND = "kind"
    LATE = "late"
