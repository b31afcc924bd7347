"""What rankings, competitions and freezes answer over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from pydantic import Field

from services.scoring.catalogue.catalogue import CatalogueStatus
from services.scoring.ranking.competition import Cell, CompetitionOutcome, Count, Marks, Terms, awarded
from services.scoring.ranking.freeze import CatalogueUsed, Frozen
from services.scoring.ranking.ranking import TIE_RULE, Decided, Entry, Measure, Movement, Place
from services.scoring.ranking.store import Seen
from services.scoring.views.scorecards import Answer
from shared.contracts.contract import Exact
from shared.contracts.vocabulary import AgencyKind, Form, Nature

FORECAST = "Perkiraan dari klaim perangkat daerah; belum diverifikasi kurator dan bukan untuk diumumkan."
TRANSCRIBED = "Dinilai dengan katalog yang disalin dari sumber publik dan belum dicocokkan dengan surat resmi."
SYNTHETIC = "CONTOH – data sintetis, bukan hasil yang sebenarnya."


class PlaceAnswer(Answer):
    """A place. rank: from 1, shared: others have the same; decided: what set it behind the one before; total: what is
    compared (points, or of 100 with a jury); of: the highest maturity there is; movement: against the last freeze."""

    rank: int = Field(ge=1)
    shared: bool
    decided: Decided | None
    total: Exact
    claimed: Exact
    verified: Exact
    of: Exact
    movement: Movement | None
    innovation: str
    name: str
    agency: str
    agency_name: str | None
    agency_kind: AgencyKind | None
    region: str
    form: Form
    affair: str
    nature: Nature
    first_submitted_at: datetime


class FreezeRef(Answer):
    """Which freeze."""

    id: str = Field(examples=["61.71/2025/1"])
    number: int
    frozen_at: datetime


class RankingAnswer(Answer):
    """A page of the live ranking. total: how many are ranked; gone: innovations of the last freeze that are no longer
    ranked (only with a region); notices: what a reader must be told."""

    region: str | None
    year: int
    measure: Measure
    rule: str
    notices: list[str]
    catalogues: list[CatalogueUsed]
    compared_with: FreezeRef | None
    gone: list[str]
    total: int
    items: list[PlaceAnswer]
    next: str | None


class CellAnswer(Answer):
    """The places of one group in one category; awarded: how many of them, from the first, are awarded."""

    group: str
    group_name: str
    category: str
    category_name: str
    awarded: int
    unmarked: int
    places: list[PlaceAnswer]


class StandingsAnswer(Answer):
    """How a competition stands now. left_out: in time, but of no group or category; late: not within the days of
    entry."""

    competition: str
    year: int
    measure: Measure
    rule: str
    notices: list[str]
    catalogues: list[CatalogueUsed]
    compared_with: FreezeRef | None
    cells: list[CellAnswer]
    counts: list[Count]
    total: int
    left_out: int
    late: int


class FreezeSummary(FreezeRef):
    """A freeze in a list. series: a year or a competition's id; reason: why it was frozen again."""

    region: str
    region_name: str | None
    series: str
    year: int
    title: str
    competition: str | None
    reason: str | None
    synthetic: bool
    digest: str = Field(description="SHA-256 of what was frozen")
    total: int
    notices: list[str]


class FreezeAnswer(FreezeSummary):
    """A freeze whole; it never changes."""

    rule: str
    terms: Terms | None
    catalogues: list[CatalogueUsed]
    cells: list[CellAnswer]
    counts: list[Count]
    left_out: int
    late: int


class FreezePage(Answer):
    """next: the cursor of the next page, None on the last."""

    items: list[FreezeSummary]
    next: str | None


class CompetitionAnswer(Answer):
    """A competition. marked: how many innovations the jury has marked; marks: only for those who may see them."""

    id: str
    region: str
    terms: Terms
    last_day: date | None
    marked: int
    marks: list[Marks] | None


class CompetitionPage(Answer):
    """next: the cursor of the next page, None on the last."""

    items: list[CompetitionAnswer]
    next: str | None


def place_answer(place: Place) -> PlaceAnswer:
    """One place."""
    entry = place.entry
    shown = entry.model_dump(include=set(PlaceAnswer.model_fields) & set(Entry.model_fields))
    return PlaceAnswer(
        rank=place.rank,
        shared=place.shared,
        decided=place.decided,
        total=place.total,
        of=entry.most,
        movement=place.movement,
        **shown,
    )


def notices(
    catalogues: Iterable[CatalogueUsed], *, measure: Measure = Measure.VERIFIED, synthetic: bool = False
) -> list[str]:
    """What a reader must be told."""
    return [
        *([SYNTHETIC] if synthetic else []),
        *([FORECAST] if measure is Measure.CLAIMED else []),
        *([TRANSCRIBED] if any(each.status is not CatalogueStatus.VERIFIED for each in catalogues) else []),
    ]


def freeze_ref(frozen: Frozen | None) -> FreezeRef | None:
    """Which freeze; None when there is none."""
    return FreezeRef(id=frozen.id, number=frozen.number, frozen_at=frozen.frozen_at) if frozen else None


def standings_answer(
    seen: Seen, found: CompetitionOutcome, measure: Measure, catalogues: tuple[CatalogueUsed, ...], last: Frozen | None
) -> StandingsAnswer:
    """How a competition stands now."""
    terms = seen.it.terms
    return StandingsAnswer(
        competition=seen.id,
        year=terms.year,
        measure=measure,
        rule=TIE_RULE,
        notices=notices(catalogues, measure=measure, synthetic=terms.synthetic),
        catalogues=list(catalogues),
        compared_with=freeze_ref(last),
        cells=[_cell(cell, terms) for cell in found.cells],
        counts=list(found.counts),
        total=found.total,
        left_out=found.left_out,
        late=found.late,
    )


def freeze_summary(frozen: Frozen) -> FreezeSummary:
    """For the list."""
    told = frozen.model_dump(include=set(FreezeSummary.model_fields) & set(Frozen.model_fields))
    said = notices(frozen.catalogues, synthetic=frozen.synthetic)
    return FreezeSummary(**told, id=frozen.id, notices=said)


def freeze_answer(frozen: Frozen) -> FreezeAnswer:
    """Whole."""
    return FreezeAnswer(
        **freeze_summary(frozen).model_dump(),
        rule=TIE_RULE,
        terms=frozen.terms,
        catalogues=list(frozen.catalogues),
        cells=[_cell(cell, frozen.terms) for cell in frozen.cells],
        counts=list(frozen.counts),
        left_out=frozen.left_out,
        late=frozen.late,
    )


def competition_answer(seen: Seen, *, inside: bool) -> CompetitionAnswer:
    """A competition; inside: with the jury's marks."""
    return CompetitionAnswer(
        id=seen.id,
        region=seen.it.region,
        terms=seen.it.terms,
        last_day=seen.it.terms.entrance.last,
        marked=len(seen.it.marks),
        marks=list(seen.it.marks) if inside else None,
    )


def _cell(cell: Cell, terms: Terms | None) -> CellAnswer:
    shown = cell.model_dump(exclude={"places"})
    honoured = len(awarded(terms, cell)) if terms else len(cell.places)
    return CellAnswer(**shown, awarded=honoured, places=[place_answer(place) for place in cell.places])
