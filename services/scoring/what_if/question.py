"""The body of a what-if question."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.scoring.index.rounds import Figure
from services.scoring.index.spd import Measured, Words
from shared.contracts.contract import Exact

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
RowNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}[a-z]?$")]
Level = Annotated[int, Field(strict=True, ge=0, le=3)]
MOST = 1_000  # of each list


class QuestionPart(BaseModel):
    """Frozen; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EnteredLevel(QuestionPart):
    """A level, or a value that decides it."""

    level: Level | None = None
    value: Measured | None = None
    unit: Words | None = None
    basis: Annotated[str, StringConstraints(pattern=r"^[a-z]$")] | None = None


Entries = Annotated[dict[RowNumber, Level | EnteredLevel], Field(max_length=100)]
"""Row → level or entry; each counts as proved."""


class Added(QuestionPart):
    """An innovation to be added. affair: official name or slug of the main one; exactly one of maturity (points) and
    levels."""

    name: Words | None = None
    affair: Words = Field(examples=["Pendidikan"])
    digital: bool = True
    maturity: Annotated[Exact, Field(ge=0, le=1000)] | None = None
    levels: Entries | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.maturity is None) == (self.levels is None):
            raise ValueError("isi salah satu: `maturity` atau `levels`")
        return self


class Target(QuestionPart):
    """Exactly one of predicate (a name), index (0…100), and innovation with maturity (points)."""

    predicate: Words | None = Field(default=None, examples=["sangat inovatif"])
    index: Annotated[Exact, Field(ge=0, le=100)] | None = None
    innovation: Id | None = None
    maturity: Annotated[Exact, Field(ge=0, le=1000)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.innovation is None) != (self.maturity is None):
            raise ValueError("`innovation` dan `maturity` harus bersama-sama")
        if sum(each is not None for each in (self.predicate, self.index, self.maturity)) != 1:
            raise ValueError("isi tepat satu tujuan: `predicate`, `index`, atau `innovation` dan `maturity`")
        return self


class Question(QuestionPart):
    """year: of the national round; figure: which levels are changed; levels: innovation → row → level; spd: row →
    level; the path to the target begins after all changes."""

    region: Annotated[str, Field(pattern=r"^[0-9]{2}(\.[0-9]{2})?$", examples=["61.12"])]
    year: int = Field(ge=2000, le=2100, examples=[2026])
    figure: Figure = Figure.CLAIMED
    levels: dict[Id, Entries] = Field(default_factory=dict, max_length=MOST)
    removed: tuple[Id, ...] = Field(default=(), max_length=MOST)
    added: tuple[Added, ...] = Field(default=(), max_length=MOST)
    spd: Entries = Field(default_factory=dict)
    target: Target | None = None

    @property
    def of_one_agency(self) -> bool:
        """Whether it asks only about single innovations, not about the region."""
        regional = self.target is not None and self.target.maturity is None
        return not (self.removed or self.added or self.spd or regional)


def plain(entries: Mapping[str, int | EnteredLevel]) -> dict[str, Any]:
    """Entries as `read_levels` takes them."""
    return {row: each if isinstance(each, int) else each.model_dump(exclude_none=True) for row, each in entries.items()}


def added_plain(added: Added) -> dict[str, Any]:
    """An added innovation as `read_innovation` takes it."""
    given: dict[str, Any] = {"affair": added.affair, "digital": added.digital, "name": added.name or ""}
    if added.maturity is not None:
        given["maturity"] = Decimal(added.maturity)
    if added.levels is not None:
        given["levels"] = plain(added.levels)
    return given
