"""Answers to what-if questions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from pydantic import Field

from services.scoring.index.index import SHOWN_PLACES, RegionalIndex, rounded
from services.scoring.index.rounds import Figure
from services.scoring.views.answer import Answer
from services.scoring.views.indices import FORECAST, RESULT
from services.scoring.what_if.cheapest_path import Climb
from services.scoring.what_if.forecast import TargetPath, WhatIfResult
from services.scoring.what_if.question import Question
from shared.contracts.contract import Exact


class ChangedInnovation(Answer):
    """An innovation with changed levels. before, after: points; counts: whether it belongs to the round's figure."""

    innovation: str
    name: str
    before: Exact
    after: Exact
    counts: bool


class ClimbAnswer(Answer):
    """Steps in one row. innovation: None for a row of the region (SPD); gain: points of SPD + SID, or of maturity."""

    row: str
    name: str
    innovation: str | None
    innovation_name: str | None
    level: int
    to: int
    steps: int
    gain: Exact


class PathAnswer(Answer):
    """The fewest level steps. lacking: points before the first; reachable: False where levels alone are not enough,
    then steps and what follows are empty; reached: the index afterwards; reached_maturity: for a maturity."""

    target: str = Field(examples=["sangat inovatif"])
    lacking: Exact
    reachable: bool
    steps: int
    climbs: tuple[ClimbAnswer, ...]
    reached: RegionalIndex | None
    reached_maturity: Exact | None


class WhatIfAnswer(Answer):
    """The answer to a what-if question. label: what a reader must know; before, after: None for an agency's account."""

    region: str
    year: int
    figure: Figure
    label: str
    before: RegionalIndex | None
    after: RegionalIndex | None
    innovations: tuple[ChangedInnovation, ...]
    path: PathAnswer | None


def what_if_answer(question: Question, result: WhatIfResult, *, with_region: bool) -> WhatIfAnswer:
    """with_region: the account may see the region's index."""
    return WhatIfAnswer(
        region=question.region,
        year=question.year,
        figure=question.figure,
        label=FORECAST if question.figure is Figure.CLAIMED else RESULT,
        before=result.before.index if with_region else None,
        after=result.after.index if with_region else None,
        innovations=tuple(
            ChangedInnovation(
                innovation=each.counted.id,
                name=each.counted.name,
                before=each.counted.maturity,
                after=each.counted.at(levels).maturity,
                counts=each.counts,
            )
            for each, levels in result.changed
        ),
        path=_path(result.path) if result.path is not None else None,
    )


def _path(found: TargetPath) -> PathAnswer:
    path, region = found.path, found.region
    climbs = path.climbs or ()
    names = {each.id: each.name for each in region.innovations}
    rows: dict[tuple[str | None, str], str] = {(None, row.row): row.name for row in region.spd or ()}
    rows |= {(each.id, row.row): row.name for each in region.innovations for row in each.rows or ()}
    reached = None if path.climbs is None else region.after(climbs)
    return PathAnswer(
        target=found.target,
        lacking=_shown(path.lacking),
        reachable=reached is not None,
        steps=path.steps,
        climbs=tuple(_climb(each, rows, names) for each in climbs),
        reached=reached.index if reached is not None and not found.of_one else None,
        reached_maturity=reached.innovations[0].maturity if reached is not None and found.of_one else None,
    )


def _climb(climb: Climb, rows: Mapping[tuple[str | None, str], str], names: Mapping[str, str]) -> ClimbAnswer:
    return ClimbAnswer(
        row=climb.row,
        name=rows[climb.innovation, climb.row],
        innovation=climb.innovation,
        innovation_name=names.get(climb.innovation) if climb.innovation else None,
        level=climb.level,
        to=climb.to,
        steps=climb.steps,
        gain=_shown(climb.gain),
    )


def _shown(points: Fraction) -> Decimal:
    return rounded(points, SHOWN_PLACES)
