"""The regional index (Indeks Inovasi Daerah) of one year, from SPD points and the maturity of what counts.

    JI  = min(n, most counted) × points each; 0 when fewer than U basic-service affairs (yandas) are represented
    SID = Σ maturity / max(D, n) + JI
    IID = (SPD + SID) / 250 × 100, rounded half up to two places *before* the predicate is read

Source: Kemendagri, "Sosialisasi IID 2023" (same form with D = 10), and the Pedoman IGA 2026 as transcribed. All is
computed in fractions: only what is shown is rounded, so the order of the innovations does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import floor

from services.scoring.catalogue.constants import Constants, Predicate, UnknownConstant
from shared.contracts.affairs import BASIC_SERVICE_AFFAIRS
from shared.contracts.contract import Exact, Payload

INDEX_PLACES = 2
SHOWN_PLACES = 6  # of points that are no finite decimal, such as a mean of seven
MOST_INDEX = 100
_NEEDED = ("least_divisor", "basic_service_needed", "counted", "index_of", "predicates")


@dataclass(frozen=True)
class Formula:
    """A year's formula with all its constants known. divisor: D; needed: U; each, most_counted: of the automatic row;
    out_of: the points that make an index of 100; predicates: from the best down."""

    year: int
    divisor: int
    needed: int
    each: Decimal
    most_counted: int
    out_of: Decimal
    predicates: tuple[Predicate, ...]


def formula_of(constants: Constants, year: int) -> Formula:
    """The formula of `year`. Raises UnknownConstant for the first constant that no source gives."""
    divisor, needed, counted, out_of, predicates = (constants.need(name, year) for name in _NEEDED)
    return Formula(year, divisor, needed, counted.each, counted.most_counted, out_of, predicates)


@dataclass
class Tally:
    """Sums over the innovations that count. innovations: how many; maturity: their points; basic: the basic-service
    affairs among their main ones, each with how many have it. Adding is commutative; the caller must add each
    innovation once."""

    innovations: int = 0
    maturity: Decimal = Decimal(0)
    basic: dict[str, int] = field(default_factory=dict)

    def add(self, maturity: Decimal, affair: str, times: int = 1) -> None:
        """Add one innovation, or take it out again. affair: the slug of its main affair (urusan utama); times: 1 or
        -1."""
        self.innovations += times
        self.maturity += times * maturity
        if affair in BASIC_SERVICE_AFFAIRS:
            count_in(self.basic, affair, times)


def count_in(counts: dict[str, int], name: str, times: int) -> None:
    """Add to the count of a name; what is counted 0 times is not there."""
    counts[name] = counts.get(name, 0) + times
    if not counts[name]:
        del counts[name]


def tally(innovations: Iterable[tuple[Decimal, str]]) -> Tally:
    """The sums of (maturity, slug of the main affair)."""
    summed = Tally()
    for maturity, affair in innovations:
        summed.add(maturity, affair)
    return summed


class Parts(Payload):
    """The shares of SPD, mean maturity and number of innovations in points of the index, each rounded for itself."""

    spd: Exact
    maturity: Exact
    count: Exact


class RegionalIndex(Payload):
    """An index with its parts. innovations, basic_service: counted; maturity: the sum of their points; divisor: max(D,
    n); spd, mean (Σ maturity / divisor), count_points (JI), sid (mean + JI): points; parts: at most 25,20, 44,40 and
    30,40 in 2026; to_next: points of the index up to the next predicate, None with next_predicate at the best."""

    innovations: int
    basic_service: int
    maturity: Exact
    divisor: int
    spd: Exact
    mean: Exact
    count_points: Exact
    sid: Exact
    index: Exact
    predicate: str
    next_predicate: str | None
    to_next: Exact | None
    parts: Parts


def index_of(formula: Formula, spd: Decimal, counted: Tally) -> RegionalIndex:
    """The index. Raises UnknownConstant when no known predicate holds it."""
    mean, points = sid_parts(formula, counted)
    sid = mean + points
    index = rounded(_as_index(formula, Fraction(spd) + sid), INDEX_PLACES)
    above = next_above(formula, index)
    return RegionalIndex(
        innovations=counted.innovations,
        basic_service=len(counted.basic),
        maturity=counted.maturity,
        divisor=max(formula.divisor, counted.innovations),
        spd=spd,
        mean=rounded(mean, SHOWN_PLACES),
        count_points=rounded(points, SHOWN_PLACES),
        sid=rounded(sid, SHOWN_PLACES),
        index=index,
        predicate=predicate_of(formula, index),
        next_predicate=above.name if above else None,
        to_next=above.least - index if above and above.least is not None else None,
        parts=Parts(
            spd=rounded(_as_index(formula, Fraction(spd)), INDEX_PLACES),
            maturity=rounded(_as_index(formula, mean), INDEX_PLACES),
            count=rounded(_as_index(formula, points), INDEX_PLACES),
        ),
    )


def sid_parts(formula: Formula, counted: Tally) -> tuple[Fraction, Fraction]:
    """(Σ maturity / max(D, n), JI), in points."""
    mean = Fraction(counted.maturity) / max(formula.divisor, counted.innovations)
    enough = len(counted.basic) >= formula.needed
    return mean, Fraction(formula.each) * min(counted.innovations, formula.most_counted) if enough else Fraction(0)


def points_up_to(formula: Formula, index: Decimal, spd: Decimal, counted: Tally) -> Fraction:
    """The points of SPD + SID that are lacking for an index (0…100) of at least this one *after* rounding; never below
    0. An index with more than two places is reached by the next hundredth."""
    hundredths = -floor(-Fraction(index) * 10**INDEX_PLACES)
    least = (Fraction(hundredths) - Fraction(1, 2)) / 10**INDEX_PLACES  # the least value that rounds half up to it
    wanted = least * Fraction(formula.out_of) / MOST_INDEX
    mean, points = sid_parts(formula, counted)
    lacking: Fraction = wanted - Fraction(spd) - mean - points
    return max(Fraction(0), lacking)


def predicate_of(formula: Formula, index: Decimal) -> str:
    """The predicate of a rounded index; above all edges the best. Raises UnknownConstant where no edges are known."""
    for predicate in formula.predicates:
        if predicate.holds(index):
            return predicate.name
    best = formula.predicates[0] if formula.predicates else None
    if best is not None and best.most is not None and index > best.most:
        return best.name
    raise UnknownConstant("predicates", formula.year)


def predicates_cover(formula: Formula) -> bool:
    """Whether every index from 0 to 100 has a predicate."""
    step = Decimal(1).scaleb(-INDEX_PLACES)
    wanted: Decimal | None = Decimal(0)
    for predicate in reversed(formula.predicates):
        if wanted is None or predicate.least is None or predicate.least > wanted:
            return wanted is None
        wanted = None if predicate.most is None else predicate.most + step
    return wanted is None or wanted > MOST_INDEX


def next_above(formula: Formula, index: Decimal) -> Predicate | None:
    """The nearest predicate whose lower edge lies above the index; None at the best."""
    above = [each for each in formula.predicates if each.least is not None and each.least > index]
    return min(above, key=lambda each: each.least or Decimal(0), default=None)


def rounded(value: Fraction | Decimal, places: int) -> Decimal:
    """Half up to so many places (for values of at least 0)."""
    shifted = floor(Fraction(value) * 10**places + Fraction(1, 2))
    return Decimal(shifted).scaleb(-places)


def _as_index(formula: Formula, points: Fraction) -> Fraction:
    index: Fraction = points * MOST_INDEX / Fraction(formula.out_of)
    return index
