"""A scorecard as scoring answers it: row by row."""

from __future__ import annotations

from decimal import Decimal

from services.portal.answered.answered import Answered


class Maturity(Answered):
    """Points."""

    claimed: Decimal
    verified: Decimal
    provable: Decimal | None = None
    of: Decimal


class EvidenceAsked(Answered):
    """What the catalogue asks for a row."""

    asked: str | None = None


class ScoredRow(Answered):
    """A row: what the agency's claim gives, and what the curator has confirmed."""

    row: str
    name: str
    variable: str | None = None
    weight: Decimal
    mandatory: bool
    level: int
    points: Decimal
    why: str
    verified: bool
    verified_level: int
    why_verified: str
    provable_level: int | None = None
    basis: str | None = None
    evidence: EvidenceAsked


class CatalogueRef(Answered):
    """The catalogue that was used. notice: what a reader must know about it."""

    name: str
    notice: str | None = None


class RowFault(Answered):
    """What contradicts in a row. message: in Bahasa Indonesia."""

    row: str
    message: str


class Scorecard(Answered):
    """innovation_sequence: the version of the innovation that was scored."""

    state: str
    catalogue: CatalogueRef | None = None
    maturity: Maturity | None = None
    innovation_sequence: int = 0
    rows: tuple[ScoredRow, ...] = ()
    faults: tuple[RowFault, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def by_row(self) -> dict[str, ScoredRow]:
        """The rows by their number."""
        return {each.row: each for each in self.rows}
