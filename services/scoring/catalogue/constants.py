"""The constants of one year's formula for the regional index. An absent one is unknown, never guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from services.scoring.catalogue.model import Label, Model, Number, Text
from services.scoring.catalogue.scales import Interval
from shared.faults import Flaw, Invalid


class UnknownConstant(Invalid):
    """A year's formula needs a constant that no source gives (HTTP 422, exit status 2). name, year: the constant's."""

    slug = "unknown-constant"

    def __init__(self, name: str, year: int) -> None:
        self.name = name
        self.year = year
        message = f"konstanta {name} tahun {year} tidak diketahui ({self.slug}); tidak ada sumber yang menyebutnya"
        super().__init__([Flaw(f"constants.{name}", self.slug, message)], f"{message}.")


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]
Whole = Annotated[int, Field(strict=True, ge=1, le=10_000)]


class Counted(Model):
    """The automatic row (Jumlah Inovasi Daerah): `each` points per innovation, of at most `most_counted`."""

    number: Label
    variable: Text | None = None
    name: Text
    each: Annotated[Number, Field(gt=0)]
    most_counted: Whole


class Predicate(Interval):
    """A predicate's edges on the index (0…100, two places, both ends included)."""

    name: Text


class Window(Model):
    """Applied, or developed, on a day from `first` to `last`. In the file: `from` and `to`."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")


class Constants(Model):
    """least_divisor: D; basic_service_needed: U; index_of: the points that make an index of 100; inferred: names of
    constants that are our reading and not the source's."""

    least_divisor: Whole | None = None
    basic_service_needed: Whole | None = None
    counted: Counted | None = None
    index_of: Annotated[Number, Field(gt=0)] | None = None
    predicates: tuple[Predicate, ...] | None = None
    window: Window | None = None
    inferred: tuple[Text, ...] = ()

    def need(self, name: str, year: int) -> Any:  # noqa: ANN401 - whatever the constant is
        """The constant of that name. Raises UnknownConstant when `year` has none."""
        value = getattr(self, name)
        if value is None:
            raise UnknownConstant(name, year)
        return value

    def flaws(self) -> Iterator[tuple[str, str]]:
        """The flaws: (place, sentence)."""
        if self.window is not None and self.window.first > self.window.last:
            yield "window", "it ends before it begins"
        for name in self.inferred:
            if getattr(self, name, None) is None:
                yield "inferred", f"{name!r} is not a constant of this file"
        for upper, lower in pairwise(self.predicates or ()):
            if upper.least is None or lower.most is None or upper.least <= lower.most:
                yield "predicates", f"{upper.name!r} must lie above {lower.name!r}: list them from the best down"
