"""A competition as scoring answers it: its terms and the jury's marks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.portal.curator.work.owner_answers.answer import Answer


class Group(Answer):
    """Kelompok peserta."""

    slug: str
    name: str
    kinds: tuple[str, ...] = ()
    classifications: tuple[str, ...] = ()


class Category(Answer):
    """Kategori lomba."""

    slug: str
    name: str
    forms: tuple[str, ...] = ()
    natures: tuple[str, ...] = ()
    affairs: tuple[str, ...] = ()


class Milestone(Answer):
    """Days in the calendar, both included."""

    name: str
    first: date
    last: date


class Entrance(Answer):
    """The days of entry."""

    first: date | None = None
    last: date | None = None


class Criterion(Answer):
    """A criterion of the jury. weight: per cent."""

    slug: str
    name: str
    weight: Decimal


class Jury(Answer):
    """maturity_weight: per cent of the total."""

    maturity_weight: Decimal
    criteria: tuple[Criterion, ...]


class Terms(Answer):
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


class Marks(Answer):
    """The jury's marks for one innovation, by criterion."""

    innovation: str
    marks: dict[str, Decimal]


class Competition(Answer):
    """marks: only for the region's accounts."""

    id: str
    region: str
    terms: Terms
    last_day: date | None = None
    marked: int = 0
    marks: tuple[Marks, ...] | None = None


class CompetitionPage(Answer):
    """A page of competitions."""

    items: tuple[Competition, ...] = ()
    next: str | None = None
