"""Finds the fewest level steps that bring enough points.

A step is one level in one row; a row goes up one level at a time, to 3 at most, and each of its steps brings the same
gain. So the fewest steps are found by counting the largest gains first; no other choice of as many steps brings more.

Many paths can be equally short. Among them the one is taken that comes first by row number (then by the order of the
innovations): as many steps as possible in the first row, then in the second, and so on. With the number of steps known,
each row in turn takes as many as leave the rest able to reach the target, checked by a table of the remaining gains.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm

from services.scoring.catalogue.catalogue import TOP_LEVEL


@dataclass(frozen=True)
class RaisableRow:
    """A row whose level can rise. innovation: its id, None for a row of the region (SPD); level: the present one, 0…3;
    gain: points that one step brings towards the target."""

    row: str
    innovation: str | None
    level: int
    gain: Fraction

    @property
    def steps(self) -> int:
        """How many steps are left."""
        return TOP_LEVEL - self.level


@dataclass(frozen=True)
class Climb:
    """Steps in one row: from `level` to `to`."""

    row: str
    innovation: str | None
    level: int
    to: int
    gain: Fraction

    @property
    def steps(self) -> int:
        """How many level steps."""
        return self.to - self.level


def cheapest(rows: Sequence[RaisableRow], lacking: Fraction) -> list[Climb] | None:
    """The path that brings at least `lacking` points. rows: each once, in the order that decides ties. Empty when no
    points are lacking; None when all rows at the top would not be enough."""
    scale = lcm(*(row.gain.denominator for row in rows))  # whole numbers are ten times as fast as fractions
    gain_of = [int(row.gain * scale) for row in rows]
    short = ceil(lacking * scale)
    left: Counter[int] = Counter()
    for row, gain in zip(rows, gain_of, strict=True):
        left[gain] += row.steps
    gains = sorted(left, reverse=True)
    steps = _fewest(left, gains, short)
    if steps is None:
        return None
    path: list[Climb] = []
    for row, gain in zip(rows, gain_of, strict=True):
        if steps == 0:
            break
        left[gain] -= row.steps
        taken = next(
            some
            for some in range(min(row.steps, steps), -1, -1)
            if _enough(left, gains, steps - some, short - some * gain)
        )
        if taken:
            to = row.level + taken
            path.append(Climb(row.row, row.innovation, row.level, to, taken * row.gain))
            steps, short = steps - taken, short - taken * gain
    return path


def most(rows: Sequence[RaisableRow]) -> Fraction:
    """The points of all steps that are left."""
    return sum((row.gain * row.steps for row in rows), Fraction(0))


def _fewest(left: Counter[int], gains: Sequence[int], lacking: int) -> int | None:
    steps = 0
    for gain in gains:
        if lacking <= 0:
            break
        if gain <= 0:
            return None
        wanted = -(-lacking // gain)  # rounded up
        some = min(left[gain], wanted)
        steps += some
        lacking -= some * gain
    return steps if lacking <= 0 else None


def _enough(left: Counter[int], gains: Sequence[int], steps: int, lacking: int) -> bool:
    """Whether exactly this many of the remaining steps can bring the lacking points."""
    for gain in gains:
        some = min(left[gain], steps)
        steps -= some
        lacking -= some * gain
        if steps == 0:
            return lacking <= 0
    return steps == 0 and lacking <= 0
