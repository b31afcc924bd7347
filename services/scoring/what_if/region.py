"""A region as a value that can be changed without storing anything: rows, innovations, and the index that follows.

A change gives another region. Its maturity, index and predicate follow by the same formula as the real ones. The
cheapest path to a target is found over the same rows; adding or removing innovations is not a step.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from services.scoring.index.index import Formula, RegionalIndex, Tally, index_of, points_up_to, tally
from services.scoring.what_if.cheapest_path import Climb, RaisableRow, cheapest

_NUMBER = re.compile(r"^([0-9]+)([a-z]*)$")


@dataclass(frozen=True)
class RowLevel:
    """A row at its present level. weight: points per level; level: 0…3."""

    row: str
    name: str
    weight: Decimal
    level: int

    @property
    def points(self) -> Decimal:
        """What it brings."""
        return self.weight * self.level


@dataclass(frozen=True)
class CountedInnovation:
    """An innovation that counts in a round. affair: the slug of its main affair; rows: None when only its maturity
    (known) is given."""

    id: str
    name: str
    affair: str
    rows: tuple[RowLevel, ...] | None
    known: Decimal = Decimal(0)

    @property
    def maturity(self) -> Decimal:
        """Points."""
        return self.known if self.rows is None else sum((row.points for row in self.rows), Decimal(0))

    def at(self, levels: Mapping[str, int]) -> CountedInnovation:
        """With these rows at other levels."""
        return replace(self, rows=None if self.rows is None else _at(self.rows, levels))


@dataclass(frozen=True)
class Region:
    """A region in one round. spd: its own rows, None when only their points are known (spd_known)."""

    formula: Formula
    spd: tuple[RowLevel, ...] | None
    spd_known: Decimal
    innovations: tuple[CountedInnovation, ...]

    @property
    def spd_points(self) -> Decimal:
        """Points."""
        return self.spd_known if self.spd is None else sum((row.points for row in self.spd), Decimal(0))

    @property
    def tally(self) -> Tally:
        """The sums over the innovations."""
        return tally((each.maturity, each.affair) for each in self.innovations)

    @property
    def index(self) -> RegionalIndex:
        """The index. Raises UnknownConstant."""
        return index_of(self.formula, self.spd_points, self.tally)

    @property
    def known_by_row(self) -> bool:
        """Whether a path can be found: all levels are known."""
        return self.spd is not None and all(each.rows is not None for each in self.innovations)

    def changed(
        self,
        *,
        spd: Mapping[str, int] | None = None,
        levels: Mapping[str, Mapping[str, int]] | None = None,
        removed: Iterable[str] = (),
        added: Iterable[CountedInnovation] = (),
    ) -> Region:
        """spd: row → level; levels: innovation → row → level."""
        gone = set(removed)
        kept = [each.at((levels or {}).get(each.id, {})) for each in self.innovations if each.id not in gone]
        return replace(
            self,
            spd=None if self.spd is None else _at(self.spd, spd or {}),
            innovations=(*kept, *added),
        )

    def after(self, climbs: Iterable[Climb]) -> Region:
        """The region at the end of a path."""
        spd: dict[str, int] = {}
        levels: dict[str, dict[str, int]] = {}
        for climb in climbs:
            if climb.innovation is None:
                spd[climb.row] = climb.to
            else:
                levels.setdefault(climb.innovation, {})[climb.row] = climb.to
        return self.changed(spd=spd, levels=levels)


@dataclass(frozen=True)
class Path:
    """The path to a target. lacking: points before the first step; climbs: None when no number of steps is enough."""

    lacking: Fraction
    climbs: tuple[Climb, ...] | None

    @property
    def steps(self) -> int:
        """How many level steps in all."""
        return sum(climb.steps for climb in self.climbs or ())


def lacking_for(region: Region, index: Decimal) -> Fraction:
    """Points of SPD + SID up to an index that, rounded, is at least this one."""
    return points_up_to(region.formula, index, region.spd_points, region.tally)


def path_to_index(region: Region, index: Decimal) -> Path:
    """The fewest steps to an index (for a predicate: its lower edge). A row whose level is not known is left out."""
    lacking = lacking_for(region, index)
    climbs = cheapest(_in_order(_of_region(region)), lacking)
    return Path(lacking, None if climbs is None else tuple(climbs))


def path_to_maturity(innovation: CountedInnovation, maturity: Decimal) -> Path:
    """The fewest steps of one innovation to a maturity."""
    lacking = max(Fraction(0), Fraction(maturity) - Fraction(innovation.maturity))
    rows = [RaisableRow(row.row, innovation.id, row.level, Fraction(row.weight)) for row in innovation.rows or ()]
    climbs = cheapest(_in_order(rows), lacking)
    return Path(lacking, None if climbs is None else tuple(climbs))


def row_order(row: str) -> tuple[int, str]:
    """Rows in the order of their numbers: 2, 2a, 2b, 10."""
    match = _NUMBER.match(row)
    return (int(match[1]), match[2]) if match else (0, row)


def _of_region(region: Region) -> Iterator[RaisableRow]:
    divisor = max(region.formula.divisor, len(region.innovations))
    for row in region.spd or ():
        yield RaisableRow(row.row, None, row.level, Fraction(row.weight))
    for each in region.innovations:
        for row in each.rows or ():
            yield RaisableRow(row.row, each.id, row.level, Fraction(row.weight) / divisor)


def _in_order(rows: Iterable[RaisableRow]) -> Sequence[RaisableRow]:
    """By row number; the region's own rows before an innovation's of the same number; then as given."""
    return sorted(rows, key=lambda each: (row_order(each.row), each.innovation is not None))


def _at(rows: tuple[RowLevel, ...], levels: Mapping[str, int]) -> tuple[RowLevel, ...]:
    return tuple(replace(row, level=levels.get(row.row, row.level)) for row in rows)
