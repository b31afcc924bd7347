"""The SPD of a region as scoring answers it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from services.portal.answered.answered import Answered
from services.portal.curator.work.owner_answers.scorecard import CatalogueRef, RowFault


class Proof(Answered):
    """A document or page that proves a row: a link, or number and date."""

    number: str | None = None
    dated: date | None = None
    subject: str | None = None
    link: str | None = None


class SpdRow(Answered):
    """A row as entered, with its points and why."""

    row: str
    name: str
    variable: str | None = None
    weight: Decimal
    mandatory: bool
    levels: tuple[str, ...] | None = None
    asked: str | None = None
    level: int
    points: Decimal
    why: str
    entered_level: int | None = None
    entered_value: Decimal | None = None
    unit: str | None = None
    evidence: tuple[Proof, ...] = ()

    @property
    def filled(self) -> bool:
        """Whether anything was entered."""
        return self.entered_level is not None or self.entered_value is not None or bool(self.evidence)


class SpdChange(Answered):
    """When it was changed."""

    at: datetime


class Spd(Answered):
    """The SPD of a region and year, all rows of the catalogue."""

    region: str
    year: int
    catalogue: CatalogueRef
    points: Decimal
    of: Decimal
    rows: tuple[SpdRow, ...]
    missing_mandatory: tuple[str, ...] = ()
    faults: tuple[RowFault, ...] = ()
    hints: tuple[str, ...] = ()
    history: tuple[SpdChange, ...] = ()

    def row(self, number: str) -> SpdRow | None:
        """A row; None when the catalogue has none of that number."""
        return next((each for each in self.rows if each.row == number), None)
