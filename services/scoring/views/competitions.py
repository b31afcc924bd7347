"""Answers about competitions and their standings."""

from __future__ import annotations

from datetime import date

from services.scoring.ranking.competition import Count
from services.scoring.ranking.entry import Measure
from services.scoring.ranking.freeze import CatalogueUsed
from services.scoring.ranking.live import LiveStandings
from services.scoring.ranking.ranking import TIE_RULE
from services.scoring.ranking.store import Competition
from services.scoring.ranking.terms import Marks, Terms
from services.scoring.views.answer import Answer
from services.scoring.views.rankings import CellAnswer, FreezeRef, cell_answer, freeze_ref, notices
from shared.storage.repository import Versioned


class StandingsAnswer(Answer):
    """The present standings of a competition. left_out: in time, but of no group or category; late: not within the days
    of entry."""

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


def competition_answer(competition: Versioned[Competition], *, inside: bool) -> CompetitionAnswer:
    """A competition. inside: with the jury's marks."""
    value = competition.value
    return CompetitionAnswer(
        id=competition.id,
        region=value.region,
        terms=value.terms,
        last_day=value.terms.entrance.last,
        marked=len(value.marks),
        marks=list(value.marks) if inside else None,
    )


def standings_answer(competition: Versioned[Competition], live: LiveStandings, measure: Measure) -> StandingsAnswer:
    """The present standings."""
    terms, outcome = competition.value.terms, live.outcome
    return StandingsAnswer(
        competition=competition.id,
        year=terms.year,
        measure=measure,
        rule=TIE_RULE,
        notices=notices(live.catalogues, measure=measure, synthetic=terms.synthetic),
        catalogues=list(live.catalogues),
        compared_with=freeze_ref(live.last),
        cells=[cell_answer(cell, terms) for cell in outcome.cells],
        counts=list(outcome.counts),
        total=outcome.total,
        left_out=outcome.left_out,
        late=outcome.late,
    )
