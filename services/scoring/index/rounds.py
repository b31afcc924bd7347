"""The national rounds whose index can be computed: the years of which every constant is known.

The round of a year includes innovations of any duty year that are submitted or verified (neither returned nor
withdrawn) and of the age that the round takes. The *claimed* figure, a forecast, counts all of them with what agencies
claim; the *verified* figure counts those that the curator has verified, with the points verified.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.scoring.catalogue.constants import Constants, UnknownConstant, Window
from services.scoring.index.index import Formula, formula_of, predicates_cover
from services.scoring.scorecard.eligibility import inside
from shared.contracts.vocabulary import InnovationStatus


class Figure(StrEnum):
    """CLAIMED: a forecast, for accounts that may see unverified results; VERIFIED: the result."""

    CLAIMED = "claimed"
    VERIFIED = "verified"


COUNTED: Mapping[Figure, frozenset[InnovationStatus]] = {
    Figure.CLAIMED: frozenset({InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED}),
    Figure.VERIFIED: frozenset({InnovationStatus.VERIFIED}),
}
"""By figure: in which status an innovation counts."""


@dataclass(frozen=True)
class Round:
    """The national round of a year."""

    formula: Formula
    window: Window

    @property
    def year(self) -> int:
        """The year of the round."""
        return self.formula.year

    def takes(self, applied: date | None, developed: date | None) -> bool:
        """Whether an innovation with these dates is of its age."""
        return inside(self.window, applied, developed)


Rounds = Mapping[int, Round]


def round_of(years: Mapping[int, Constants], year: int) -> Round:
    """The round of `year`. Raises UnknownConstant, also for a year without any known constant."""
    constants = years.get(year, Constants())
    formula = formula_of(constants, year)
    if not predicates_cover(formula):
        raise UnknownConstant("predicates", year)
    return Round(formula, constants.need("window", year))


def rounds_of(years: Mapping[int, Constants]) -> Rounds:
    """All rounds that can be computed."""
    known: dict[int, Round] = {}
    for year in sorted(years):
        try:
            known[year] = round_of(years, year)
        except UnknownConstant:
            continue
    return known
