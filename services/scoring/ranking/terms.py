"""The terms of a competition: who takes part in which group and category, and how a total is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints

from services.scoring.ranking.entry import Entry, Ranked
from shared.contracts.affairs import AFFAIR_NAMES
from shared.contracts.contract import Exact
from shared.contracts.fields import LINE
from shared.contracts.vocabulary import AgencyKind, Classification, Form, Nature

WHOLE = Decimal(100)

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE)]
Weight = Annotated[Exact, Field(ge=0, le=100)]
Mark = Annotated[Exact, Field(ge=0, le=100)]


class Group(Ranked):
    """Kelompok peserta. kinds: of agency, none: any; classifications: of the innovation, none: any."""

    slug: Slug = Field(examples=["kelompok-1"])
    name: Title = Field(examples=["Perangkat daerah, kecamatan dan BUMD"])
    kinds: tuple[AgencyKind, ...] = Field(default=(), max_length=20)
    classifications: tuple[Classification, ...] = Field(default=(), max_length=10)

    def takes(self, entry: Entry) -> bool:
        """Whether the entry belongs here."""
        kind = not self.kinds or entry.agency_kind in self.kinds
        return kind and (not self.classifications or entry.classification in self.classifications)


class Category(Ranked):
    """Kategori lomba; an empty field takes any."""

    slug: Slug = Field(examples=["pelayanan-publik"])
    name: Title = Field(examples=["Pelayanan publik"])
    forms: tuple[Form, ...] = Field(default=(), max_length=10)
    natures: tuple[Nature, ...] = Field(default=(), max_length=10)
    affairs: tuple[str, ...] = Field(default=(), max_length=40)

    def takes(self, entry: Entry) -> bool:
        """Whether the entry belongs here."""
        return (
            (not self.forms or entry.form in self.forms)
            and (not self.natures or entry.nature in self.natures)
            and (not self.affairs or entry.affair in self.affairs)
        )


class Milestone(Ranked):
    """Days in the calendar of a competition, both included. Only shown: no rule depends on it."""

    name: Title = Field(examples=["Final"])
    first: date = Field(examples=["2025-11-19"])
    last: date = Field(examples=["2025-11-20"])


class Entrance(Ranked):
    """The days of entry: an innovation must be first submitted on a local day from `first` to `last`, both included;
    absent: open."""

    first: date | None = Field(default=None, examples=["2025-09-18"])
    last: date | None = Field(default=None, examples=["2025-10-18"])

    def takes(self, entry: Entry, zone: str) -> bool:
        """Whether the entry was in time. zone: of the region (`Asia/Pontianak`)."""
        day = entry.first_submitted_at.astimezone(ZoneInfo(zone)).date()
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


class Criterion(Ranked):
    """A criterion that the jury marks from 0 to 100. weight: per cent of the total."""

    slug: Slug = Field(examples=["kebaruan"])
    name: Title = Field(examples=["Kebaruan"])
    weight: Weight = Field(examples=[20])


class Jury(Ranked):
    """maturity_weight: per cent of the total that verified maturity gives; with the criteria it makes 100."""

    maturity_weight: Weight = Field(examples=[60])
    criteria: tuple[Criterion, ...] = Field(min_length=1, max_length=20)


class Terms(Ranked):
    """The terms of a competition. year: of the innovations' duty; season: how the region calls this round; places: how
    many are awarded in each group and category (all who share the last place are awarded), None: all; synthetic: the
    data are an example, and every print says so."""

    name: Title = Field(examples=["Lomba Inovasi Daerah Kota Pontianak 2025"])
    season: Slug = Field(examples=["2025"])
    year: int = Field(ge=2000, le=2100, examples=[2025])
    groups: tuple[Group, ...] = Field(min_length=1, max_length=50)
    categories: tuple[Category, ...] = Field(default=(), max_length=50)
    entrance: Entrance = Entrance()
    milestones: tuple[Milestone, ...] = Field(default=(), max_length=50)
    places: int | None = Field(default=None, ge=1, le=1000, examples=[3])
    jury: Jury | None = None
    synthetic: bool = False

    @property
    def all_categories(self) -> tuple[Category, ...]:
        """The categories; one that takes everything where none is named."""
        return self.categories or (Category(slug="umum", name="Umum"),)

    def flaws(self) -> Iterator[tuple[str, str, str]]:
        """What is wrong with well-formed terms: (place, code, sentence)."""
        for place, slugs in (("groups", self.groups), ("categories", self.categories)):
            for number, slug in _repeated([each.slug for each in slugs]):
                yield f"{place}.{number}.slug", "repeated", f"{slug!r} sudah dipakai"
        if self.entrance.first and self.entrance.last and self.entrance.first > self.entrance.last:
            yield "entrance.last", "before-first", "berakhir sebelum dimulai"
        for number, milestone in enumerate(self.milestones):
            if milestone.first > milestone.last:
                yield f"milestones.{number}.last", "before-first", "berakhir sebelum dimulai"
        for number, category in enumerate(self.categories):
            for unknown in sorted(set(category.affairs) - AFFAIR_NAMES.keys()):
                yield f"categories.{number}.affairs", "unknown", f"tidak ada urusan {unknown!r}"
        yield from self._hidden_groups()
        if self.jury is not None:
            yield from _jury_flaws(self.jury)

    def _hidden_groups(self) -> Iterator[tuple[str, str, str]]:
        taken: set[AgencyKind] = set()
        for number, group in enumerate(self.groups):
            for kind in sorted(taken.intersection(group.kinds)):
                yield f"groups.{number}.kinds", "repeated", f"{kind} sudah masuk kelompok sebelumnya"
            if not group.classifications:
                taken.update(group.kinds or AgencyKind)


class Marks(Ranked):
    """The jury's marks for one innovation, by criterion."""

    innovation: str
    marks: dict[Slug, Mark] = Field(examples=[{"kebaruan": 80}])


def _jury_flaws(jury: Jury) -> Iterator[tuple[str, str, str]]:
    for number, slug in _repeated([each.slug for each in jury.criteria]):
        yield f"jury.criteria.{number}.slug", "repeated", f"{slug!r} sudah dipakai"
    weights = jury.maturity_weight + sum((each.weight for each in jury.criteria), Decimal(0))
    if weights != WHOLE:
        yield "jury", "weights", f"jumlah bobot kematangan dan kriteria harus 100, sekarang {weights}"


def _repeated(slugs: Sequence[str]) -> Iterator[tuple[int, str]]:
    for number, slug in enumerate(slugs):
        if slug in slugs[:number]:
            yield number, slug
