"""A catalogue of indicators as scoring answers it: the texts of the levels."""

from __future__ import annotations

from collections.abc import Mapping

from services.portal.answered.answered import Answered

Texts = tuple[str, ...]


class Basis(Answered):
    """One way to measure a row."""

    measured: str
    levels: Texts


class Scale(Answered):
    """How a number decides a level."""

    unit: str


class Indicator(Answered):
    """A row. variants: level texts by nature of the innovation; bases: by letter."""

    number: str
    name: str
    variable: str | None = None
    mandatory: bool = False
    levels: Texts | None = None
    variants: Mapping[str, Texts] | None = None
    bases: Mapping[str, Basis] | None = None
    scale: Scale | None = None
    evidence: str | None = None
    note: str | None = None

    def texts(self, nature: str | None, basis: str | None) -> Texts:
        """The texts of levels 1, 2 and 3; empty for a row of bases without a chosen one."""
        if self.levels is not None:
            return self.levels
        if self.variants is not None:
            return self.variants.get(nature or "digital", ())
        chosen = (self.bases or {}).get(basis or "")
        return chosen.levels if chosen else ()


class Catalogue(Answered):
    """indicators: of an innovation; region_rows: SPD."""

    name: str
    indicators: tuple[Indicator, ...] = ()
    region_rows: tuple[Indicator, ...] = ()

    def indicator(self, number: str) -> Indicator | None:
        """A row of an innovation; None when there is none."""
        return next((each for each in self.indicators if each.number == number), None)

    def region_row(self, number: str) -> Indicator | None:
        """A row of SPD; None when there is none."""
        return next((each for each in self.region_rows if each.number == number), None)
