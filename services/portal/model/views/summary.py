"""A region's year in figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from shared.contracts.vocabulary import AgencyKind, InnovationStatus, ObligationStatus, Stage


@dataclass(frozen=True)
class FigureView:
    """An index as `IndexFigure` has it, all in points; index: 0…100."""

    innovations: int
    basic_service: int
    maturity: Decimal
    spd: Decimal
    sid: Decimal
    count_points: Decimal
    index: Decimal


@dataclass(frozen=True)
class IndexView:
    """A region's index for a national round. claimed: a forecast; verified: the result, from which predicate and
    to_next_predicate (points of the index, None at the best) come; sequence: the index's version."""

    region: str
    year: int
    claimed: FigureView
    verified: FigureView
    predicate: str
    to_next_predicate: Decimal | None
    sequence: int


@dataclass(frozen=True)
class IndicatorMaturity:
    """One indicator row over many innovations: the sums of points, by claim and verified. catalogue: `2026.1`."""

    catalogue: str
    row: str
    claimed: Decimal
    verified: Decimal


@dataclass(frozen=True)
class Scored:
    """How many innovations are in the sums of one catalogue. claimed: submitted and verified ones; verified: verified
    ones; most: points that one can have."""

    catalogue: str
    claimed: int
    verified: int
    most: Decimal


@dataclass(frozen=True)
class DutyCounts:
    """statuses: status → how many duties; late: of the fulfilled, those that were too late; waiting: of the open, those
    that wait for verification."""

    statuses: Mapping[ObligationStatus, int] = field(default_factory=dict)
    late: int = 0
    waiting: int = 0

    @property
    def owed(self) -> int:
        """How many agencies owe, or have fulfilled."""
        return sum(count for status, count in self.statuses.items() if status is not ObligationStatus.EXEMPTED)

    @property
    def fulfilled(self) -> int:
        """How many have fulfilled, in time or late."""
        return self.statuses.get(ObligationStatus.FULFILLED, 0)

    @property
    def overdue(self) -> int:
        """How many have not, after the deadline."""
        return self.statuses.get(ObligationStatus.OVERDUE, 0)

    @property
    def open(self) -> int:
        """How many still have time, or wait for verification."""
        return self.statuses.get(ObligationStatus.OPEN, 0)

    @property
    def exempted(self) -> int:
        """How many owe nothing."""
        return self.statuses.get(ObligationStatus.EXEMPTED, 0)


@dataclass(frozen=True)
class RegionSummary:
    """The duty of a year in a region, in figures, and the index of the national round of that year.

    agencies: those that have a row on the board; duties: of all of them; kinds: by kind of agency, None: not known yet;
    innovations: status → how many; stages: of submitted and verified innovations; pipeline: slug of the stage on the
    region's way of development → how many of all that are not withdrawn; maturity: by indicator row; scored: of how
    many innovations; index: None: none is known.
    """

    region: str
    year: int
    agencies: int = 0
    duties: DutyCounts = field(default_factory=DutyCounts)
    kinds: Mapping[AgencyKind | None, DutyCounts] = field(default_factory=dict)
    innovations: Mapping[InnovationStatus, int] = field(default_factory=dict)
    stages: Mapping[Stage, int] = field(default_factory=dict)
    pipeline: Mapping[str, int] = field(default_factory=dict)
    maturity: tuple[IndicatorMaturity, ...] = ()
    scored: tuple[Scored, ...] = ()
    index: IndexView | None = None


@dataclass(frozen=True)
class QueueState:
    """What waits for the curator of a region. length: how many, about a second behind; oldest: since when the longest
    waiting one does, None: nothing waits."""

    length: int
    oldest: datetime | None


@dataclass(frozen=True)
class Totals:
    """Of a region, or of all of them: how many regions, agencies and verified innovations of all years; years: those
    that have verified innovations, the newest first."""

    regions: int
    agencies: int
    verified: int
    years: tuple[int, ...]
