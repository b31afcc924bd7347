"""Answers about rankings, and what they share with competitions and freezes: places, cells and notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import Field

from services.scoring.catalogue.catalogue import CatalogueStatus
from services.scoring.ranking.competition import Cell, awarded
from services.scoring.ranking.entry import Entry, Measure
from services.scoring.ranking.freeze import CatalogueUsed, Frozen
from services.scoring.ranking.live import LiveRanking
from services.scoring.ranking.ranking import TIE_RULE, Decided, Movement, Place
from services.scoring.ranking.terms import Terms
from services.scoring.views.answer import Answer
from shared.contracts.contract import Exact
from shared.contracts.vocabulary import AgencyKind, Form, Nature

FORECAST = "Perkiraan dari klaim perangkat daerah; belum diverifikasi kurator dan bukan untuk diumumkan."
TRANSCRIBED = "Dinilai dengan katalog yang disalin dari sumber publik dan belum dicocokkan dengan surat resmi."
SYNTHETIC = "CONTOH – data sintetis, bukan hasil yang sebenarnya."


class PlaceAnswer(Answer):
    """A place. rank: from 1, shared: others have the same; decided: what put it behind the one before; total: what is
    compared (points, or of 100 with a jury); of: the highest maturity possible; movement: since the last freeze."""

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
    """A reference to a freeze."""

    id: str = Field(examples=["61.71/2025/1"])
    number: int
    frozen_at: datetime


class RankingAnswer(Answer):
    """A page of the live ranking. total: how many are ranked; gone: innovations of the last freeze that are no longer
    ranked (only with a region); notices: what a reader must know."""

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


def ranking_answer(
    live: LiveRanking, *, region: str | None, year: int, measure: Measure, start: int = 0, limit: int | None = None
) -> RankingAnswer:
    """A live ranking with `limit` of its places from `start`, counted from 0; None: all that follow."""
    end = None if limit is None else start + limit
    return RankingAnswer(
        region=region,
        year=year,
        measure=measure,
        rule=TIE_RULE,
        notices=notices(live.catalogues, measure=measure),
        catalogues=list(live.catalogues),
        compared_with=freeze_ref(live.last),
        gone=list(live.gone),
        total=len(live.places),
        items=[place_answer(each) for each in live.places[start:end]],
        next=str(end) if end is not None and end < len(live.places) else None,
    )


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


def cell_answer(cell: Cell, terms: Terms | None) -> CellAnswer:
    """One cell. terms: None for a ranking that is not a competition."""
    shown = cell.model_dump(exclude={"places"})
    awarded_count = len(awarded(terms, cell)) if terms else len(cell.places)
    return CellAnswer(**shown, awarded=awarded_count, places=[place_answer(place) for place in cell.places])


def notices(
    catalogues: Iterable[CatalogueUsed], *, measure: Measure = Measure.VERIFIED, synthetic: bool = False
) -> list[str]:
    """What a reader must know about such results."""
    return [
        *([SYNTHETIC] if synthetic else []),
        *([FORECAST] if measure is Measure.CLAIMED else []),
        *([TRANSCRIBED] if any(each.status is not CatalogueStatus.VERIFIED for each in catalogues) else []),
    ]


def freeze_ref(frozen: Frozen | None) -> FreezeRef | None:
    """The reference to a freeze; None when there is none."""
    return FreezeRef(id=frozen.id, number=frozen.number, frozen_at=frozen.frozen_at) if frozen else None
