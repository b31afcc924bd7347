"""An indicator catalogue as scoring answers it, and the texts of one indicator's levels. Pure."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from services.portal.answered.answered import Answered
from shared.contracts.vocabulary import Nature

LEVELS = (1, 2, 3)


class Band(Answered):
    """An interval of a scale."""

    level: int
    least: Decimal | None = Field(default=None, alias="from")
    most: Decimal | None = Field(default=None, alias="to")


class Scale(Answered):
    """How a measured number decides the level."""

    unit: str
    bands: tuple[Band, ...] = ()


class Basis(Answered):
    """One way to measure an indicator."""

    measured: str
    levels: tuple[str, str, str]
    scale: Scale


class Variants(Answered):
    """Level texts by the innovation's nature."""

    digital: tuple[str, str, str]
    non_digital: tuple[str, str, str]


class Indicator(Answered):
    """A row. number: in the joint list; weight: points per level; evidence: the proof that is asked for; kinds: of
    files; links: whether a link counts."""

    number: str
    name: str
    variable: str | None = None
    weight: Decimal
    mandatory: bool = False
    levels: tuple[str, str, str] | None = None
    variants: Variants | None = None
    bases: dict[str, Basis] | None = None
    scale: Scale | None = None
    evidence: str | None = None
    kinds: tuple[str, ...] = ()
    links: bool = False

    @property
    def most(self) -> Decimal:
        """The points of the highest level."""
        return self.weight * max(LEVELS)

    @property
    def measured(self) -> bool:
        """Whether a number decides the level."""
        return self.scale is not None or self.bases is not None

    def texts(self, nature: str | None) -> tuple[str, str, str] | None:
        """The texts of the three levels; None for an indicator whose bases have their own."""
        if self.levels is not None:
            return self.levels
        if self.variants is not None:
            return self.variants.non_digital if nature == Nature.NON_DIGITAL else self.variants.digital
        return None


class Catalogue(Answered):
    """name: `2026.1`; notice: what a reader must know, None for a verified one; most: the highest maturity."""

    name: str
    notice: str | None = None
    most: Decimal
    indicators: tuple[Indicator, ...]

    def indicator(self, number: str) -> Indicator | None:
        """The indicator with that number."""
        return next((each for each in self.indicators if each.number == number), None)

    def after(self, number: str) -> Indicator | None:
        """The indicator after that one; None after the last."""
        numbers = [each.number for each in self.indicators]
        place = numbers.index(number) + 1 if number in numbers else len(numbers)
        return self.indicators[place] if place < len(numbers) else None
