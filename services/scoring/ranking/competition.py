"""The outcome of a competition: the places in every group and category.

An innovation belongs to the first group that takes it and, within it, to the first category that takes it; one that no
group or no category takes does not compete and is counted as such. Without a jury the verified maturity decides; with
one, the total of 100 is maturity and criteria by their weights, rounded half up to two places before it is compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

from services.scoring.ranking.entry import Entry, Measure, Ranked
from services.scoring.ranking.ranking import Place, rank
from services.scoring.ranking.terms import WHOLE, Category, Group, Jury, Marks, Terms
from shared.contracts.vocabulary import Classification

_CENT = Decimal("0.01")


class Cell(Ranked):
    """The places of one group in one category. unmarked: how many innovations lack a mark of the jury; a missing mark
    counts 0."""

    group: str
    group_name: str
    category: str
    category_name: str
    places: tuple[Place, ...]
    unmarked: int = 0


class Count(Ranked):
    """How many innovations, by group and by kind of agency (`masyarakat` for innovations of the community)."""

    group: str
    group_name: str
    total: int
    by_kind: dict[str, int]


class CompetitionOutcome(Ranked):
    """All places and counts. left_out: verified innovations of the year that compete in no group or category; late:
    those not submitted within the days of entry."""

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
    """The outcome for these entries. Their order and repetition do not matter."""
    entered = {each.innovation: each for each in entries if each.year == terms.year and each.ranked_by(measure)}
    in_time = [each for each in entered.values() if terms.entrance.takes(each, zone)]
    by_cell: dict[tuple[str, str], list[Entry]] = {}
    for each in in_time:
        cell = _cell_of(terms, each)
        if cell is not None:
            by_cell.setdefault(cell, []).append(each)
    marks_of = {each.innovation: each.marks for each in marks}
    cells = tuple(
        _cell(terms, group, category, by_cell.get((group.slug, category.slug), []), marks=marks_of, measure=measure)
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
    """A total of 100, rounded half up to two places."""
    with localcontext() as context:
        context.prec = 60
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
    marks: Mapping[str, Mapping[str, Decimal]],
    measure: Measure,
) -> Cell:
    jury = terms.jury
    totals: dict[str, Decimal] | None = None
    unmarked = 0
    if jury is not None:
        totals = {each.innovation: total_of(jury, each, marks.get(each.innovation, {}), measure) for each in entries}
        criteria = {each.slug for each in jury.criteria}
        unmarked = sum(1 for each in entries if not criteria.issubset(marks.get(each.innovation, {})))
    return Cell(
        group=group.slug,
        group_name=group.name,
        category=category.slug,
        category_name=category.name,
        places=rank(entries, measure, totals),
        unmarked=unmarked,
    )


def _count(group: Group, by_cell: Mapping[tuple[str, str], Sequence[Entry]]) -> Count:
    entries_of_group = [each for (slug, _), entries in by_cell.items() if slug == group.slug for each in entries]
    kinds = Counter(_kind_of(each) for each in entries_of_group)
    return Count(
        group=group.slug,
        group_name=group.name,
        total=len(entries_of_group),
        by_kind={kind: kinds[kind] for kind in sorted(kinds)},
    )


def _kind_of(entry: Entry) -> str:
    if entry.classification is Classification.MASYARAKAT:
        return Classification.MASYARAKAT.value
    return entry.agency_kind.value if entry.agency_kind else "belum_diketahui"
