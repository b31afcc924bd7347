"""Levels and points of whole innovations from stored evidence, without explanations: for a dry run over the nation."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.indicators import Indicator
from services.scoring.scorecard.entry import Facts, StoredRow, entry_of, facts_of
from services.scoring.scorecard.levels import decide

MOST_CACHED = 2_000
"""Decisions of one row kept in memory; then all are dropped."""


@dataclass(frozen=True)
class Totals:
    """claimed, verified: level by row, rows at 0 left out; the same in points."""

    claimed: dict[str, int]
    verified: dict[str, int]
    claimed_points: Decimal
    verified_points: Decimal


@dataclass(frozen=True, slots=True)
class _Points:
    level: int
    claimed: Decimal
    verified_level: int
    verified: Decimal


@dataclass(frozen=True, slots=True)
class _CachedRow:
    row: Indicator
    points: dict[Facts, _Points]

    def decide(self, facts: Facts) -> _Points:
        levels = decide(self.row, entry_of(facts))
        if len(self.points) >= MOST_CACHED:
            self.points.clear()
        points = self.points[facts] = _Points(
            levels.level,
            self.row.points(levels.level),
            levels.verified_level,
            self.row.points(levels.verified_level),
        )
        return points


class Totalling:
    """Sums up innovations by one catalogue. only: the rows to count; without it all. Decided rows are cached by what
    was entered, because agencies of a region enter the same facts again and again."""

    def __init__(self, catalogue: Catalogue, only: Container[str] | None = None) -> None:
        self._rows = {
            number: _CachedRow(row, {}) for number, row in catalogue.by_number.items() if only is None or number in only
        }

    def of(self, evidence: Sequence[StoredRow]) -> Totals:
        """The totals of an innovation's evidence. Of a repeated row the first entry counts; unknown rows do not."""
        claimed: dict[str, int] = {}
        verified: dict[str, int] = {}
        claimed_points = verified_points = Decimal(0)
        seen: set[str] = set()
        for entry in evidence:
            number = entry["row"]
            row = self._rows.get(number)
            if row is None or number in seen:
                continue
            seen.add(number)
            facts = facts_of(entry)
            points = row.points.get(facts) or row.decide(facts)
            if points.level:
                claimed[number] = points.level
                claimed_points += points.claimed
            if points.verified_level:
                verified[number] = points.verified_level
                verified_points += points.verified
        return Totals(claimed, verified, claimed_points, verified_points)
