"""Decides the levels of one row from what was claimed, measured, proved and verified. Nothing else decides a level.

Rules (Pedoman IGA as transcribed; see the catalogue's sources): a given value decides the level, whatever level was
claimed; a row without evidence (no file, no link) scores 0; a value that cannot be read (no basis, another unit) proves
nothing; a row that nobody has verified counts 0 in verified maturity.

The *provable* level is the highest that the evidence or the value supports, whatever was claimed: 0 where evidence is
missing or was refused (verified at 0); where the curator has verified, the verified level, or the value's if that is
higher; where nobody has verified, the level that the entry shows.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from services.scoring.catalogue.indicators import Indicator
from services.scoring.catalogue.scales import Reading, read
from services.scoring.scorecard.entry import RowEntry


class Source(StrEnum):
    """What a level rests on: a measured value, the agency's statement, or nothing."""

    VALUE = "value"
    CLAIM = "claim"
    NONE = "none"


class ValueProblem(StrEnum):
    """Why a measured value cannot be read. The values are the codes of faults."""

    BASIS_MISSING = "basis-missing"
    BASIS_UNKNOWN = "basis-unknown"
    UNIT_UNKNOWN = "unit-unknown"


class Shown(NamedTuple):
    """What an entry shows, proved or not. reading: how the value was read; problem: why it could not be read."""

    level: int = 0
    source: Source = Source.NONE
    reading: Reading | None = None
    problem: ValueProblem | None = None


class RowLevels(NamedTuple):
    """A decided row, all levels 0…3. level: the one that counts (what the entry shows, if it is proved); source: what
    `level` rests on; shown: what the entry would show if it were proved."""

    level: int = 0
    source: Source = Source.NONE
    verified_level: int = 0
    provable_level: int = 0
    shown: Shown = Shown()


def decide(row: Indicator, entry: RowEntry | None) -> RowLevels:
    """The levels of a row. entry: what was entered for it, None for nothing."""
    if entry is None:
        return RowLevels()
    shown = _shown(row, entry)
    if entry.proofs == 0:
        return RowLevels(shown=shown)
    return RowLevels(
        level=shown.level,
        source=shown.source,
        verified_level=entry.verified_level or 0,
        provable_level=_provable(entry, shown),
        shown=shown,
    )


def _shown(row: Indicator, entry: RowEntry) -> Shown:
    if entry.value is None or not row.takes_value:
        return Shown() if entry.level is None else Shown(entry.level, Source.CLAIM)
    scale = row.scale_for(entry.basis)
    if scale is None:
        return Shown(problem=ValueProblem.BASIS_MISSING if entry.basis is None else ValueProblem.BASIS_UNKNOWN)
    if entry.unit and not scale.knows_unit(entry.unit):
        return Shown(problem=ValueProblem.UNIT_UNKNOWN)
    reading = read(scale, entry.value)
    return Shown(reading.level, Source.VALUE, reading)


def _provable(entry: RowEntry, shown: Shown) -> int:
    if entry.verified_level is None:
        return shown.level
    if entry.verified_level == 0:
        return 0
    return max(entry.verified_level, shown.level if shown.source is Source.VALUE else 0)
