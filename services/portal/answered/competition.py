"""A competition as scoring answers it: its terms and the jury's marks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.portal.answered.answered import Answered


class Group(Answered):
    """Kelompok peserta."""

    slug: str
    name: str
    kinds: tuple[str, ...] = ()
    classifications: tuple[str, ...] = ()


class Category(Answered):
    """Kategori lomba."""

    slug: str
    name: str
    forms: tuple[str, ...] = ()
    natures: tuple[str, ...] = ()
    affairs: tuple[str, ...] = ()


class Milestone(Answered):
    """Days in the calendar, both included."""

    name: str
    first: date
    last: date


class Entrance(Answered):
    """The days of entry."""

    first: date | None = None
    last: date | None = None


class Criterion(Answered):
    """A criterion of the jury. weight: per cent."""

    slug: str
    name: str
    weight: Decimal


class Jury(Answered):
    """maturity_weight: per cent of the total."""

    maturity_weight: Decimal
    criteria: tuple[Criterion, ...]


class Terms(Answered):
    """The terms."""

    name: str
    season: str
    year: int
    groups: tuple[Group, ...]
    categories: tuple[Category, ...] = ()
    entrance: Entrance = Entrance()
    milestones: tuple[Milestone, ...] = ()
    places: int | None = None
    jury: Jury | None = None
    synthetic: bool = False


class Marks(Answered):
    """The jury's marks for one innovation, by criterion."""

    innovation: str
    marks: dict[str, Decimal]


class Competition(Answered):
    """marks: only for the region's accounts."""

    id: str
    region: str
    terms: Terms
    last_day: date | None = None
    marked: int = 0
    marks: tuple[Marks, ...] | None = None


class CompetitionPage(Answered):
    """A page of competitions."""

    items: tuple[Competition, ...] = ()
    next: str | None = None
