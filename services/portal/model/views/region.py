"""A region and its agencies, as pages see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shared.contracts.region import Deadline, PolicyRevision, deadline_in_force, policy_in_force
from shared.contracts.vocabulary import AgencyKind, Zone


@dataclass(frozen=True)
class RegionView:
    """code: of Kemendagri (`61.12`); catalogue: the active one (`2026.1`); policies, deadlines: every revision;
    sequence: the region's version."""

    code: str
    name: str
    zone: Zone
    catalogue: str
    policies: tuple[PolicyRevision, ...]
    deadlines: tuple[Deadline, ...]
    sequence: int

    def deadline(self, year: int) -> Deadline | None:
        """The deadline in force for the duty of a year, also a cancelled one; None: none was ever set."""
        return deadline_in_force(self.deadlines, year)

    def policy(self, year: int) -> PolicyRevision | None:
        """The duty policy in force for a year; None: the year is before all of them."""
        return policy_in_force(self.policies, year)

    @property
    def years(self) -> tuple[int, ...]:
        """The years that have a deadline, newest first."""
        return tuple(sorted({each.year for each in self.deadlines}, reverse=True))


@dataclass(frozen=True)
class AgencyView:
    """See `AgencyRegistered`; sequence: the agency's version."""

    id: str
    region: str
    name: str
    kind: AgencyKind
    retired: bool
    retired_on: date | None
    obliged_from: int | None
    successor: str | None
    parent: str | None
    sequence: int
