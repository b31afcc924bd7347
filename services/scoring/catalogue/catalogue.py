"""An indicator catalogue: the rules of one national year as data, under a name and a digest.

The name is `year.revision`. The digest is the SHA-256 of the canonical JSON of what scores: rows with weights,
mandatory flags, level texts, bands and bases, and the constants; not names, evidence texts, status, sources or notes.
So a corrected comment keeps the digest, and a changed band cannot keep an old name unnoticed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field

from services.scoring.catalogue.constants import Constants
from services.scoring.catalogue.indicators import Indicator
from services.scoring.catalogue.model import Label, Model, Number, Text
from services.scoring.catalogue.uploads import Uploads

TOP_LEVEL = 3
_WHAT_SCORES: dict[str, Any] = {
    "number": True,
    "weight": True,
    "mandatory": True,
    "levels": True,
    "variants": True,
    "bases": {"__all__": {"levels": True, "scale": True}},
    "scale": True,
}
_REMARKS = frozenset({"note", "inferred"})


class CatalogueStatus(StrEnum):
    """transcribed: copied from public sources; verified: compared with the official letter by a person."""

    TRANSCRIBED = "transcribed"
    VERIFIED = "verified"


class Control(Model):
    """The control totals of one aspect, copied from the source by the author of the file: they reveal a missing row, a
    wrong weight, a forgotten flag. weights: their sum; most: the points of all rows at level 3."""

    rows: Annotated[int, Field(strict=True, ge=0)]
    weights: Number
    most: Number
    mandatory: tuple[Label, ...] = ()


class Controls(Model):
    """By aspect: of an innovation (SID), of the regional government (SPD)."""

    innovation: Control
    region: Control | None = None


class Catalogue(Model):
    """innovation: the rows scored per innovation; region: those scored per region and year (none: not transcribed);
    uploads: the largest sizes of files (None: not transcribed), which the registry enforces."""

    year: Annotated[int, Field(strict=True, ge=2000, le=2100)]
    revision: Annotated[int, Field(strict=True, ge=1, le=999)]
    status: CatalogueStatus
    sources: tuple[Text, ...] = Field(min_length=1)
    control: Controls
    uploads: Uploads | None = None
    innovation: tuple[Indicator, ...]
    region: tuple[Indicator, ...] = ()
    constants: Constants = Constants()

    @property
    def name(self) -> str:
        """`year.revision`."""
        return f"{self.year}.{self.revision}"

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of what scores."""
        scoring = {
            "catalogue": self.name,
            "innovation": [row.model_dump(include=_WHAT_SCORES, by_alias=True) for row in self.innovation],
            "region": [row.model_dump(include=_WHAT_SCORES, by_alias=True) for row in self.region],
            "constants": self.constants.model_dump(by_alias=True, exclude={"counted": {"name", "variable"}}),
        }
        text = json.dumps(_canonical(scoring), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def most(self) -> Decimal:
        """The highest maturity of an innovation, in points."""
        return most_of(self.innovation)

    @cached_property
    def by_number(self) -> dict[str, Indicator]:
        """The innovation's rows by number, in the order of the form."""
        return {row.number: row for row in self.innovation}

    def flaws(self) -> Iterator[tuple[str, str, str]]:
        """The flaws of a well-formed file: (row's number or "", place, sentence)."""
        if not self.innovation:
            yield "", "innovation", "there is no row"
        for row in (*self.innovation, *self.region):
            yield from ((row.number, place, sentence) for place, sentence in row.flaws())
        if self.uploads is not None:
            yield from self.uploads.flaws((row.number, row.kinds) for row in self.innovation)
        yield from self._repeated()
        yield from _against("innovation", self.innovation, self.control.innovation)
        if self.control.region is not None or self.region:
            yield from _against("region", self.region, self.control.region)
        yield from (("", f"constants.{place}", sentence) for place, sentence in self.constants.flaws())

    def _repeated(self) -> Iterator[tuple[str, str, str]]:
        seen: set[str] = set()
        automatic = [self.constants.counted.number] if self.constants.counted else []
        for number in [*(row.number for row in (*self.innovation, *self.region)), *automatic]:
            if number in seen:
                yield number, "number", "this row is there twice"
            seen.add(number)


def most_of(rows: Iterable[Indicator]) -> Decimal:
    """The points of all rows at the top level."""
    return sum((TOP_LEVEL * row.weight for row in rows), Decimal(0))


def _against(aspect: str, rows: tuple[Indicator, ...], control: Control | None) -> Iterator[tuple[str, str, str]]:
    place = f"control.{aspect}"
    if control is None:
        yield "", place, "control totals are missing for rows that are there"
        return
    if len(rows) != control.rows:
        yield "", f"{place}.rows", f"{control.rows} rows announced, {len(rows)} there"
    weights = sum((row.weight for row in rows), Decimal(0))
    if weights != control.weights:
        yield "", f"{place}.weights", f"weights announced {control.weights}, their sum is {weights}"
    if most_of(rows) != control.most:
        yield "", f"{place}.most", f"most announced {control.most}, the rows give {most_of(rows)}"
    announced, flagged = set(control.mandatory), {row.number for row in rows if row.mandatory}
    for number in sorted(announced - flagged):
        yield number, "mandatory", "announced as mandatory, but not flagged in its row"
    for number in sorted(flagged - announced):
        yield number, "mandatory", f"flagged, but not announced in {place}.mandatory"


def _canonical(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The value without absent fields and fields that do not score; decimals as their shortest text, so 1.0 equals
    1."""
    if isinstance(value, dict):
        return {
            str(key): _canonical(each)
            for key, each in value.items()
            if each is not None and key not in _REMARKS and each != ()
        }
    if isinstance(value, list | tuple):
        return [_canonical(each) for each in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value
