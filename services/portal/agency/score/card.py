"""A scorecard as scoring answers it: of what was submitted, or tried with what a draft holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from services.portal.agency.innovation.detail import Innovation
from services.portal.answered.answered import Answered
from services.portal.answered.evidence import Evidence
from shared.contracts.contract import json_number

_OF_ROW = ("level", "unit", "basis", "verified_level")


class NextStep(Answered):
    """level: to reach; brings: points; needs: a sentence in Bahasa Indonesia."""

    level: int
    brings: Decimal
    needs: str


class ScoredRow(Answered):
    """One indicator. next: the step up, None at the top."""

    row: str
    name: str
    weight: Decimal
    mandatory: bool
    level: int
    points: Decimal
    why: str
    verified: bool = False
    verified_level: int = 0
    verified_points: Decimal = Decimal(0)
    why_verified: str = ""
    next: NextStep | None = None


class Maturity(Answered):
    """Points."""

    claimed: Decimal
    verified: Decimal
    of: Decimal


class Sentence(Answered):
    """A fault of a row."""

    row: str
    message: str


class CatalogueRef(Answered):
    """notice: what a reader must know."""

    name: str
    notice: str | None = None


class Eligibility(Answered):
    """Whether the national round takes it."""

    eligible: bool | None
    why: str


class Card(Answered):
    """maturity: None while the card waits for a region or a catalogue."""

    maturity: Maturity | None
    catalogue: CatalogueRef | None = None
    eligibility: Eligibility | None = None
    rows: tuple[ScoredRow, ...] = ()
    faults: tuple[Sentence, ...] = ()
    hints: tuple[str, ...] = ()
    innovation_sequence: int = 0

    @property
    def steps(self) -> list[ScoredRow]:
        """The rows that can rise, those that bring most first; of equal ones the mandatory first."""
        rising = [each for each in self.rows if each.next is not None]
        return sorted(rising, key=lambda each: (-each.next.brings, not each.mandatory) if each.next else (0, True))

    def row(self, number: str) -> ScoredRow | None:
        """One row."""
        return next((each for each in self.rows if each.row == number), None)


def trial_of(innovation: Innovation) -> dict[str, Any]:
    """The question which card the innovation would have if it were submitted as it is."""
    profile = innovation.profile
    wanted = {name: profile.get(name) for name in ("nature", "stage", "applied_on", "developed_on")}
    rows = [_entry(number, row) for number, row in innovation.evidence.items()]
    return {"region": innovation.region, **{key: value for key, value in wanted.items() if value}, "rows": rows}


def _entry(number: str, row: Evidence) -> Mapping[str, Any]:
    stored = row.model_dump(mode="json", include=set(_OF_ROW), exclude_none=True)
    value = {} if row.value is None else {"value": json_number(row.value)}
    return {"row": number, **stored, **value, "proofs": row.proofs}
