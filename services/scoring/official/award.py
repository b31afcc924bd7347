"""An award that an agency, or the region, received. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

from services.scoring.official.results import Line
from shared.contracts.fields import LINE, Id, Year
from shared.storage.stored import Stored

Bit = Annotated[bool, PlainSerializer(int, return_type=int)]
"""Stored as 1 or 0, as the indexes need it."""

MaybeLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=LINE)]


class AwardKind(StrEnum):
    """Piagam and incentive (Pedoman IGA 2026, SPD row 12), certificate; LAINNYA, such as a trophy, is ours: no source
    lists kinds, and a table of an office must not lose a row for its kind."""

    PIAGAM = "piagam"
    SERTIFIKAT = "sertifikat"
    INSENTIF = "insentif"
    LAINNYA = "lainnya"


class AwardTerms(BaseModel):
    """What is recorded of an award. agency: null for one to the region itself; innovation: for which it was given;
    title: its name; giver: who gave it; number, dated: of the document. No person is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: AwardKind
    year: Year = Field(examples=[2025])
    title: Line = Field(examples=["Innovative Government Award 2025"])
    giver: Line = Field(examples=["Kementerian Dalam Negeri"])
    agency: Id | None = None
    innovation: Id | None = None
    number: MaybeLine = ""
    dated: date | None = None


class Award(Stored):
    """As it is stored: removed: it was entered by mistake; by: the id of the account that changed it last. agency and
    innovation are empty without one, for the indexes."""

    region: str
    kind: AwardKind
    year: int
    title: str
    giver: str
    agency: str
    innovation: str
    number: str
    dated: date | None
    removed: Bit = False
    by: str

    @classmethod
    def of(cls, region: str, terms: AwardTerms, *, by: str, created_by_body: str) -> Self:
        """A new award."""
        return cls(region=region, by=by, created_by_body=created_by_body, **_fields(terms))

    def changed(self, terms: AwardTerms, by: str) -> Self | None:
        """With other terms; None when nothing differs."""
        after = self.model_copy(update=_fields(terms))
        return None if after == self else after.model_copy(update={"by": by})

    def without(self, by: str) -> Self | None:
        """As one that was entered by mistake; None when it is already."""
        return None if self.removed else self.model_copy(update={"removed": True, "by": by})


def _fields(terms: AwardTerms) -> dict[str, object]:
    return {**dict(terms), "agency": terms.agency or "", "innovation": terms.innovation or ""}
