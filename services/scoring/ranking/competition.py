"""A competition: who takes part in which group and category, and how the places are found. All of it is data.

An innovation belongs to the first group that takes it and, within it, to the first category that takes it; one that no
group or no category takes does not compete and is counted as such. Without a jury the verified maturity decides; with
one, the total of 100 is maturity and criteria by their weights, rounded half up to two places before it is compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints

from services.scoring.ranking.ranking import Entry, Measure, Place, Ranked, rank
from shared.contracts.affairs import AFFAIR_NAMES
from shared.contracts.contract import Exact
from shared.contracts.fields import LINE
from shared.contracts.vocabulary import AgencyKind, Classification, Form, Nature

WHOLE = Decimal(100)
_CENT = Decimal("0.01")

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
    """Kategori lomba; what is left empty takes any."""

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
    """A stretch of days in the calendar of a competition, both included; shown, and deciding nothing."""

    name: Title = Field(examples=["Final"])
    first: date = Field(examples=["2025-11-19"])
    last: date = Field(examples=["2025-11-20"])


class Entrance(Ranked):
    """Who is in time: first submitted on a local day from `first` to `last`, both included; absent: open."""

    first: date | None = Field(default=None, examples=["2025-09-18"])
    last: date | None = Field(default=None, examples=["2025-10-18"])

    def takes(self, entry: Entry, zone: str) -> bool:
        """Whether the entry was in time. zone: of the region (`Asia/Pontianak`)."""
        day = entry.first_submitted_at.astimezone(ZoneInfo(zone)).date()
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


class Criterion(Ranked):
    """What the jury marks from 0 to 100. weight: per cent of the total."""

    slug: Slug = Field(examples=["kebaruan"])
    name: Title = Field(examples=["Kebaruan"])
    weight: Weight = Field(examples=[20])


class Jury(Ranked):
    """maturity_weight: per cent of the total that verified maturity gives; with the criteria it makes 100."""

    maturity_weight: Weight = Field(examples=[60])
    criteria: tuple[Criterion, ...] = Field(min_length=1, max_length=20)


class Terms(Ranked):
    """The terms of a competition. year: of the innovations' duty; season: how the region calls this round; places: how
    many are awarded in each group and category (one who shares the last place is awarded too), None: all; synthetic:
    the data are an example, and everything printed says so."""

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
    """What the jury gave one innovation, by criterion."""

    innovation: str
    marks: dict[Slug, Mark] = Field(examples=[{"kebaruan": 80}])


class Cell(Ranked):
    """The places of one group in one category. unmarked: how many the jury has not marked wholly; a mark that is
    missing counts 0."""

    group: str
    group_name: str
    category: str
    category_name: str
    places: tuple[Place, ...]
    unmarked: int = 0


class Count(Ranked):
    """How many innovations, by group and by kind of agency (`masyarakat` for those that the community brings)."""

    group: str
    group_name: str
    total: int
    by_kind: dict[str, int]


class CompetitionOutcome(Ranked):
    """The whole standing. left_out: verified innovations of the year that compete in no group or category; late: those
    that were not handed in within the days of entry."""

    cells: tuple[Cell, ...]
    counts: tuple[Count, ...]
    total: int
    left_out: int
    late: int


def outcome(
    terms: Terms,
    entries: Iterable[Entry],
    zone: str,
    marks: Sequence[Marks] = (),
    measure: Measure = Measure.VERIFIED,
) -> CompetitionOutcome:
    """Where everybody stands. Order and repetition of the entries do not matter."""
    entered = {each.innovation: each for each in entries if each.year == terms.year and each.ranked_by(measure)}
    in_time = [each for each in entered.values() if terms.entrance.takes(each, zone)]
    by_cell: dict[tuple[str, str], list[Entry]] = {}
    for each in in_time:
        cell = _cell_of(terms, each)
        if cell is not None:
            by_cell.setdefault(cell, []).append(each)
    given = {each.innovation: each.marks for each in marks}
    cells = tuple(
        _cell(terms, group, category, by_cell.get((group.slug, category.slug), []), given=given, measure=measure)
        for group in terms.groups
        for category in terms.all_categories
    )
    competing = sum(len(found) for found in by_cell.values())
    return CompetitionOutcome(
        cells=cells,
        counts=tuple(_count(group, by_cell) for group in terms.groups),
        total=competing,
        left_out=len(in_time) - competing,
        late=len(entered) - len(in_time),
    )


def awarded(terms: Terms, cell: Cell) -> tuple[Place, ...]:
    """The places that are awarded."""
    return tuple(place for place in cell.places if terms.places is None or place.rank <= terms.places)


def total_of(jury: Jury, entry: Entry, marks: Mapping[str, Decimal], measure: Measure) -> Decimal:
    """Of 100, two places, halves up."""
    with localcontext() as exactly:
        exactly.prec = 60
        maturity = jury.maturity_weight * entry.points(measure) / entry.most if entry.most else Decimal(0)
        marked = sum((each.weight * marks.get(each.slug, Decimal(0)) / WHOLE for each in jury.criteria), Decimal(0))
        return (maturity + marked).quantize(_CENT, rounding=ROUND_HALF_UP)


def _cell_of(terms: Terms, entry: Entry) -> tuple[str, str] | None:
    group = next((each for each in terms.groups if each.takes(entry)), None)
    category = next((each for each in terms.all_categories if each.takes(entry)), None)
    return (group.slug, category.slug) if group and category else None


def _cell(
    terms: Terms,
    group: Group,
    category: Category,
    entries: Sequence[Entry],
    *,
    given: Mapping[str, Mapping[str, Decimal]],
    measure: Measure,
) -> Cell:
    jury = terms.jury
    totals: dict[str, Decimal] | None = None
    unmarked = 0
    if jury is not None:
        totals = {each.innovation: total_of(jury, each, given.get(each.innovation, {}), measure) for each in entries}
        asked = {each.slug for each in jury.criteria}
        unmarked = sum(1 for each in entries if not asked.issubset(given.get(each.innovation, {})))
    return Cell(
        group=group.slug,
        group_name=group.name,
        category=category.slug,
        category_name=category.name,
        places=rank(entries, measure, totals),
        unmarked=unmarked,
    )


def _count(group: Group, by_cell: Mapping[tuple[str, str], Sequence[Entry]]) -> Count:
    mine = [each for (slug, _), entries in by_cell.items() if slug == group.slug for each in entries]
    kinds = Counter(_kind_of(each) for each in mine)
    return Count(
        group=group.slug, group_name=group.name, total=len(mine), by_kind={kind: kinds[kind] for kind in sorted(kinds)}
    )


def _kind_of(entry: Entry) -> str:
    if entry.classification is Classification.MASYARAKAT:
        return Classification.MASYARAKAT.value
    return entry.agency_kind.value if entry.agency_kind else "belum_diketahui"


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
