"""Reads a measured number on a scale as a level.

A value is rounded half up to the precision in which its bands are printed, then the band is read. Where two bands of
the source share an edge the scale says `ties: better`, and the better level counts. For a hole in the source the file
defines the level. Below the lowest band of a scale where more is better, the level is 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from services.scoring.catalogue.model import Model, Number, Text
from shared.indonesian import number


class Better(StrEnum):
    """The direction of a scale: more people is better, fewer days is better."""

    MORE = "more"
    FEWER = "fewer"


class Interval(Model):
    """From `least` to `most`, both included; an absent end is open. In the file: `from` and `to`."""

    least: Number | None = Field(default=None, alias="from")
    most: Number | None = Field(default=None, alias="to")

    def holds(self, value: Decimal) -> bool:
        """Whether the interval contains the (rounded) value."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


class Band(Interval):
    """The interval of one level."""

    level: Annotated[int, Field(strict=True, ge=1, le=3)]


class Hole(Interval):
    """An interval for which the source has no band, with the level that it scores here and the reason. inferred: the
    level is our reading, not the source's."""

    level: Annotated[int, Field(strict=True, ge=0, le=3)]
    note: Text
    inferred: bool = False


class Scale(Model):
    """unit: as printed; also: other words accepted for it; precision: decimal places in which the bands are printed."""

    unit: Text
    also: tuple[Text, ...] = ()
    precision: Annotated[int, Field(strict=True, ge=0, le=6)] = 0
    better: Better = Better.MORE
    ties: Literal["better"] | None = None
    bands: tuple[Band, ...]
    holes: tuple[Hole, ...] = ()

    def knows_unit(self, unit: str) -> bool:
        """Whether this is the scale's unit or another word for it, letter case and outer blanks not mattering."""
        wanted = unit.strip().casefold()
        return any(wanted == word.casefold() for word in (self.unit, *self.also))


@dataclass(frozen=True)
class Reading:
    """How a value was read. value: as given; rounded: as compared; band or hole: the one that contains it (neither:
    below the lowest band); tied: it lay on an edge that two bands share."""

    level: int
    value: Decimal
    rounded: Decimal
    band: Band | None = None
    hole: Hole | None = None
    tied: bool = False


def round_half_up(value: Decimal, precision: int) -> Decimal:
    """`value` with at most `precision` decimal places, halves away from zero. Exact at any size."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError("not a finite number")  # noqa: TRY004 - the value is wrong, not its type
    if exponent >= -precision:
        return value
    with localcontext() as context:
        context.prec = max(28, value.adjusted() + precision + 2)
        return value.quantize(Decimal(1).scaleb(-precision), rounding=ROUND_HALF_UP)


def read(scale: Scale, value: Decimal) -> Reading:
    """The level of a value on a scale. Raises ValueError for a value that is not finite."""
    rounded = round_half_up(value, scale.precision)
    inside = [band for band in scale.bands if band.holds(rounded)]
    if inside:
        best = max(inside, key=lambda band: band.level) if len(inside) > 1 else inside[0]
        return Reading(best.level, value, rounded, band=best, tied=len(inside) > 1)
    hole = next((hole for hole in scale.holes if hole.holds(rounded)), None)
    return Reading(hole.level if hole else 0, value, rounded, hole=hole)


def flaws_of(scale: Scale) -> Iterator[str]:
    """The flaws of a scale, one sentence each: levels, ends, precision, order, gaps, overlaps."""
    if sorted(band.level for band in scale.bands) != [1, 2, 3]:
        yield "bands must give each of the levels 1, 2 and 3 exactly once"
        return
    pieces: list[Interval] = [*scale.bands, *scale.holes]
    ends = [flaw for piece in pieces for flaw in _ends(piece, scale.precision)]
    yield from ends
    if ends:
        return
    pieces.sort(key=_low)
    by_place = [piece.level for piece in pieces if isinstance(piece, Band)]
    if by_place != sorted(by_place, reverse=scale.better is Better.FEWER):
        yield f"bands do not rise from worse to better ({scale.better.value} is better)"
    for lower, upper in pairwise(pieces):
        yield from _seam(lower, upper, scale)
    if max(pieces, key=_high).most is not None:
        yield f"nothing is said above {max(pieces, key=_high).most}: leave the end open or declare a hole"
    if scale.better is Better.FEWER and pieces[0].least is not None:
        yield f"nothing is said below {pieces[0].least}, where fewer is better: leave the end open or declare a hole"


def _low(piece: Interval) -> Decimal:
    return Decimal("-Infinity") if piece.least is None else piece.least


def _high(piece: Interval) -> Decimal:
    return Decimal("Infinity") if piece.most is None else piece.most


def _name(piece: Interval) -> str:
    return f"{'…' if piece.least is None else piece.least} to {'…' if piece.most is None else piece.most}"


def _ends(piece: Interval, precision: int) -> Iterator[str]:
    if piece.least is None and piece.most is None:
        yield "a band or hole needs `from`, `to` or both"
    if piece.least is not None and piece.most is not None and piece.least > piece.most:
        yield f"{_name(piece)} is empty"
    for end in (piece.least, piece.most):
        if end is not None and round_half_up(end, precision) != end:
            yield f"{end} has more than {precision} decimal places"


def _seam(lower: Interval, upper: Interval, scale: Scale) -> Iterator[str]:
    step = Decimal(1).scaleb(-scale.precision)
    if _low(upper) > _high(lower) + step:
        yield f"a gap between {_name(lower)} and {_name(upper)}: declare it as a hole"
    elif _low(upper) <= _high(lower):
        if isinstance(lower, Hole) or isinstance(upper, Hole):
            yield f"the hole and band {_name(lower)} and {_name(upper)} overlap"
        elif scale.ties is None:
            yield f"{_name(lower)} and {_name(upper)} overlap: say `ties: better` if the source does"


def interval(piece: Interval, unit: str) -> str:
    """`201 s.d. 500 orang`, `501 orang atau lebih`, `50 % atau kurang`, `1 hari`."""
    least, most = (None if end is None else number(end, as_printed=True) for end in (piece.least, piece.most))
    if least is None or most is None:
        return f"{least} {unit} atau lebih" if most is None else f"{most} {unit} atau kurang"
    return f"{least} {unit}" if least == most else f"{least} s.d. {most} {unit}"
