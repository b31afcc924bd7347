"""Levels and points without a word of explanation: the same rules as `rows.judge`, for a dry run over the nation.

Evidence is taken as plain JSON (as documents hold it). A property test holds both ways to the same levels.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.indicators import Indicator
from services.scoring.catalogue.scales import Band, Hole, Scale, round_half_up

Raw = Mapping[str, Any]
"""One RowEvidence as plain JSON."""

_LOWEST, _HIGHEST = Decimal("-Infinity"), Decimal("Infinity")


@dataclass(frozen=True)
class Counted:
    """claimed, verified: level by row, rows at 0 left out; the same in points."""

    claimed: dict[str, int]
    verified: dict[str, int]
    claimed_points: Decimal
    verified_points: Decimal


class _Scale:
    """A scale made ready: its pieces from the best level down, bands before holes."""

    def __init__(self, scale: Scale) -> None:
        self._precision = scale.precision
        self._knows = scale.knows_unit
        pieces: list[Band | Hole] = [*sorted(scale.bands, key=lambda band: -band.level), *scale.holes]
        self._pieces = [
            (
                _LOWEST if piece.least is None else piece.least,
                _HIGHEST if piece.most is None else piece.most,
                piece.level,
            )
            for piece in pieces
        ]

    def level(self, value: Decimal, unit: str | None) -> int:
        """0 for a unit that the scale does not know."""
        if unit and not self._knows(unit):
            return 0
        rounded = round_half_up(value, self._precision)
        for least, most, level in self._pieces:
            if least <= rounded <= most:
                return level
        return 0


class _Row:
    def __init__(self, row: Indicator) -> None:
        self.points = tuple(level * row.weight for level in range(4))
        self._by_number = row.scale is not None or row.bases is not None
        self._scale = _Scale(row.scale) if row.scale is not None else None
        self._bases = {key: _Scale(basis.scale) for key, basis in (row.bases or {}).items()}

    def level(self, entry: Raw) -> int:
        """Of what is proved."""
        value = entry.get("value")
        if value is None or not self._by_number:
            return int(entry.get("level") or 0)
        scale = self._scale or self._bases.get(entry.get("basis") or "")
        if scale is None:
            return 0
        return scale.level(value if isinstance(value, Decimal) else Decimal(str(value)), entry.get("unit"))


class Levels:
    """A catalogue made ready. only: these rows of it, all without."""

    def __init__(self, catalogue: Catalogue, only: Container[str] | None = None) -> None:
        self._rows = {
            number: _Row(row) for number, row in catalogue.by_number.items() if only is None or number in only
        }

    def of(self, evidence: Sequence[Raw]) -> Counted:
        """What counts of an innovation's evidence; the first entry of a row, and no entry of an unknown row."""
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
            if not entry.get("proofs"):
                continue
            if level := row.level(entry):
                claimed[number] = level
                claimed_points += row.points[level]
            if decided := entry.get("verified_level"):
                verified[number] = decided
                verified_points += row.points[decided]
        return Counted(claimed, verified, claimed_points, verified_points)
