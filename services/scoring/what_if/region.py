"""What would be, if: a region with its rows and innovations, changed in the mind only.

Everything is a value: a change gives another region, and its maturity, index and predicate follow by the same formula
as the real ones. The cheapest path to a target is found over the same rows; adding or removing innovations is no step.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from services.scoring.index.index import Formula, RegionalIndex, Tally, index_of, points_up_to, tally
from services.scoring.what_if.cheapest_path import Climb, Ladder, cheapest

_NUMBER = re.compile(r"^([0-9]+)([a-z]*)$")


@dataclass(frozen=True)
class Rung:
    """A row where it stands. weight: points per level; level: 0…3."""

    row: str
    name: str
    weight: Decimal
    level: int

    @property
    def points(self) -> Decimal:
        """What it brings now."""
        return self.weight * self.level


@dataclass(frozen=True)
class Entrant:
    """An innovation that counts. affair: the slug of its main affair; rows: None when only its maturity is known."""

    id: str
    name: str
    affair: str
    rows: tuple[Rung, ...] | None
    known: Decimal = Decimal(0)

    @property
    def maturity(self) -> Decimal:
        """Points."""
        return self.known if self.rows is None else sum((row.points for row in self.rows), Decimal(0))

    def at(self, levels: Mapping[str, int]) -> Entrant:
        """With these rows at other levels."""
        return replace(self, rows=None if self.rows is None else _at(self.rows, levels))


@dataclass(frozen=True)
class Region:
    """A region in one round. spd: its own rows, None when only their points are known (spd_known)."""

    formula: Formula
    spd: tuple[Rung, ...] | None
    spd_known: Decimal
    entrants: tuple[Entrant, ...]

    @property
    def spd_points(self) -> Decimal:
        """Points."""
        return self.spd_known if self.spd is None else sum((row.points for row in self.spd), Decimal(0))

    @property
    def tally(self) -> Tally:
        """What counts, summed up."""
        return tally((each.maturity, each.affair) for each in self.entrants)

    @property
    def index(self) -> RegionalIndex:
        """The index. Raises UnknownConstant."""
        return index_of(self.formula, self.spd_points, self.tally)

    @property
    def known_by_row(self) -> bool:
        """Whether a path can be looked for."""
        return self.spd is not None and all(each.rows is not None for each in self.entrants)

    def changed(
        self,
        *,
        spd: Mapping[str, int] | None = None,
        levels: Mapping[str, Mapping[str, int]] | None = None,
        removed: Iterable[str] = (),
        added: Iterable[Entrant] = (),
    ) -> Region:
        """spd: row → level; levels: innovation → row → level."""
        gone = set(removed)
        kept = [each.at((levels or {}).get(each.id, {})) for each in self.entrants if each.id not in gone]
        return replace(
            self,
            spd=None if self.spd is None else _at(self.spd, spd or {}),
            entrants=(*kept, *added),
        )


@dataclass(frozen=True)
class Path:
    """The way to a target. lacking: points before the first step; climbs: None when no number of steps is enough."""

    lacking: Fraction
    climbs: tuple[Climb, ...] | None

    @property
    def steps(self) -> int:
        """How many levels in all."""
        return sum(climb.steps for climb in self.climbs or ())


def lacking_for(region: Region, index: Decimal) -> Fraction:
    """Points of SPD + SID up to an index that, rounded, is at least this one."""
    return points_up_to(region.formula, index, region.spd_points, region.tally)


def path_to_index(region: Region, index: Decimal) -> Path:
    """The fewest steps to an index (for a predicate: its lower edge). A row that is not known cannot be climbed."""
    lacking = lacking_for(region, index)
    climbs = cheapest(_in_order(_of_region(region)), lacking)
    return Path(lacking, None if climbs is None else tuple(climbs))


def path_to_maturity(entrant: Entrant, maturity: Decimal) -> Path:
    """The fewest steps of one innovation to a maturity."""
    lacking = max(Fraction(0), Fraction(maturity) - Fraction(entrant.maturity))
    ladders = [Ladder(row.row, entrant.id, row.level, Fraction(row.weight)) for row in entrant.rows or ()]
    climbs = cheapest(_in_order(ladders), lacking)
    return Path(lacking, None if climbs is None else tuple(climbs))


def walked(region: Region, climbs: Iterable[Climb]) -> Region:
    """The region at the end of a path."""
    spd: dict[str, int] = {}
    levels: dict[str, dict[str, int]] = {}
    for climb in climbs:
        if climb.innovation is None:
            spd[climb.row] = climb.to
        else:
            levels.setdefault(climb.innovation, {})[climb.row] = climb.to
    return region.changed(spd=spd, levels=levels)


def row_order(row: str) -> tuple[int, str]:
    """Rows in the order of their numbers: 2, 2a, 2b, 10."""
    match = _NUMBER.match(row)
    return (int(match[1]), match[2]) if match else (0, row)


def _of_region(region: Region) -> Iterator[Ladder]:
    divisor = max(region.formula.divisor, len(region.entrants))
    for row in region.spd or ():
        yield Ladder(row.row, None, row.level, Fraction(row.weight))
    for entrant in region.entrants:
        for row in entrant.rows or ():
            yield Ladder(row.row, entrant.id, row.level, Fraction(row.weight) / divisor)


def _in_order(ladders: Iterable[Ladder]) -> Sequence[Ladder]:
    """By row number; the region's own rows before an innovation's of the same number; then as they came."""
    return sorted(ladders, key=lambda each: (row_order(each.row), each.innovation is not None))


def _at(rows: tuple[Rung, ...], levels: Mapping[str, int]) -> tuple[Rung, ...]:
    return tuple(replace(row, level=levels.get(row.row, row.level)) for row in rows)
