"""One indicator row of a catalogue: its weight, the texts of its three levels, and the scale that decides them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from services.scoring.catalogue.model import Label, Model, Number, Text
from services.scoring.catalogue.scales import Scale, flaws_of
from shared.contracts.vocabulary import Nature


def _three(value: object) -> object:
    if not isinstance(value, list | tuple) or len(value) != 3:  # noqa: PLR2004 - the national form has three levels
        raise ValueError("three levels are needed, as a list of three texts")
    return value


LevelTexts = Annotated[tuple[Text, Text, Text], BeforeValidator(_three)]
"""The texts of parameter 1, 2 and 3, as the source prints them."""


class Basis(Model):
    """One way to measure a row; exactly one is chosen. measured: what the value counts."""

    measured: Text
    levels: LevelTexts
    scale: Scale


class Variants(Model):
    """Level texts that differ by the innovation's nature (jenis)."""

    digital: LevelTexts
    non_digital: LevelTexts


class Indicator(Model):
    """A row of the joint list. short: the number within its aspect (SID 1…20); weight: points per level.

    Exactly one of levels, variants and bases; a scale only beside levels. evidence: the requested proof, in Bahasa
    Indonesia; kinds: accepted file kinds in lower case; links: whether a link counts; note: disagreements of sources.
    """

    number: Label
    short: Label | None = None
    variable: Text | None = None
    name: Text
    weight: Annotated[Number, Field(gt=0, le=100)]
    mandatory: Annotated[bool, Field(strict=True)] = False
    levels: LevelTexts | None = None
    variants: Variants | None = None
    bases: dict[Annotated[str, Field(pattern=r"^[a-z]$")], Basis] | None = Field(default=None, min_length=1)
    scale: Scale | None = None
    evidence: Text | None = None
    kinds: tuple[Annotated[str, Field(pattern=r"^[a-z0-9]{2,5}$")], ...] = ()
    links: Annotated[bool, Field(strict=True)] = False
    note: Text | None = None

    @property
    def key(self) -> str:
        """The identity of the indicator across catalogues: its number within the aspect."""
        return self.short or self.number

    @property
    def takes_value(self) -> bool:
        """Whether a measured value decides the level."""
        return self.scale is not None or self.bases is not None

    def points(self, level: int) -> Decimal:
        """What a level (0…3) brings."""
        return level * self.weight

    def scale_for(self, basis: str | None) -> Scale | None:
        """The scale that decides: the chosen basis's, or the row's; None when no number decides."""
        if self.bases is None:
            return self.scale
        chosen = self.bases.get(basis or "")
        return chosen.scale if chosen else None

    def text(self, level: int, nature: Nature, basis: str | None = None) -> str | None:
        """The source's text of this level (1…3); None for level 0, and for a row of bases without a chosen one."""
        texts = self._texts(nature, basis)
        return texts[level - 1] if texts is not None and level > 0 else None

    def flaws(self) -> Iterator[tuple[str, str]]:
        """The flaws of the row: (place within it, sentence)."""
        kinds_of_level = [each for each in (self.levels, self.variants, self.bases) if each is not None]
        if len(kinds_of_level) != 1:
            yield "levels", "give exactly one of `levels`, `variants` and `bases`"
        if self.scale is not None:
            if self.levels is None:
                yield "scale", "a scale belongs beside `levels` (or inside each basis)"
            yield from (("scale", flaw) for flaw in flaws_of(self.scale))
        for key, basis in (self.bases or {}).items():
            yield from ((f"bases.{key}.scale", flaw) for flaw in flaws_of(basis.scale))

    def _texts(self, nature: Nature, basis: str | None) -> tuple[str, str, str] | None:
        if self.levels is not None:
            return self.levels
        if self.variants is not None:
            return self.variants.digital if nature is Nature.DIGITAL else self.variants.non_digital
        chosen = (self.bases or {}).get(basis or "")
        return chosen.levels if chosen else None
