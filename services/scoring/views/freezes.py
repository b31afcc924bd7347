"""Answers about frozen rankings."""

from __future__ import annotations

from pydantic import Field

from services.scoring.ranking.competition import Count
from services.scoring.ranking.freeze import CatalogueUsed, Frozen
from services.scoring.ranking.ranking import TIE_RULE
from services.scoring.ranking.terms import Terms
from services.scoring.views.answer import Answer
from services.scoring.views.rankings import CellAnswer, FreezeRef, cell_answer, notices


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
    """A whole freeze; it never changes."""

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


def freeze_summary(frozen: Frozen) -> FreezeSummary:
    """A freeze in a list."""
    shown = frozen.model_dump(include=set(FreezeSummary.model_fields) & set(Frozen.model_fields))
    return FreezeSummary(**shown, id=frozen.id, notices=notices(frozen.catalogues, synthetic=frozen.synthetic))


def freeze_answer(frozen: Frozen) -> FreezeAnswer:
    """A whole freeze."""
    return FreezeAnswer(
        **freeze_summary(frozen).model_dump(),
        rule=TIE_RULE,
        terms=frozen.terms,
        catalogues=list(frozen.catalogues),
        cells=[cell_answer(cell, frozen.terms) for cell in frozen.cells],
        counts=list(frozen.counts),
        left_out=frozen.left_out,
        late=frozen.late,
    )
