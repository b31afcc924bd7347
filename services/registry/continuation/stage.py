"""The stage of an innovation on a region's pipeline: who moved it, when, and since when it is stuck."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from services.registry.continuation.pipeline import Slug
from services.registry.continuation.rules import RulesTerms
from services.registry.fields import Remark
from shared.faults import Flaw, Invalid

MOST_MOVES = 200
"""Of the moves of one innovation so many are kept, the newest ones."""


class StageMove(BaseModel):
    """The body of a move. note: why, for the region only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pipeline: Slug
    stage: Slug
    note: Remark | None = None


class Move(StageMove):
    """A move that was made. at: business time; by: an account id."""

    at: datetime
    by: str


def moved(moves: tuple[Move, ...], move: StageMove, rules: RulesTerms, by: str, at: datetime) -> tuple[Move, ...]:
    """The moves with this one; the same when the innovation is there already. Raises Invalid for a pipeline or stage
    that the region does not have."""
    pipeline = rules.pipeline(move.pipeline)
    if pipeline is None:
        known = ", ".join(each.slug for each in rules.pipelines)
        raise Invalid([Flaw("pipeline", "unknown", f"daerah ini tidak mempunyai jalur ini; yang ada: {known}")])
    if pipeline.stage(move.stage) is None:
        known = ", ".join(each.slug for each in pipeline.stages)
        raise Invalid([Flaw("stage", "unknown", f"jalur ini tidak mempunyai tahapan ini; yang ada: {known}")])
    if moves and (moves[-1].pipeline, moves[-1].stage) == (move.pipeline, move.stage):
        return moves
    return (*moves, Move(**move.model_dump(), at=at, by=by))[-MOST_MOVES:]


def stuck_since(pipeline: str, stage: str, since: datetime, rules: RulesTerms, now: datetime) -> datetime | None:
    """The moment from which on an innovation at that stage is stuck; None while it is not, and where the region sets no
    patience."""
    found = rules.stage(pipeline, stage)
    if found is None or found.patience_days is None:
        return None
    until = since + timedelta(days=found.patience_days)
    return until if until <= now else None
