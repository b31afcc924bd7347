"""The stage of an innovation on a region's pipeline: who moved it, when, and since when it is stuck."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict

from services.registry.continuation.pipeline import Slug
from services.registry.continuation.rules import RulesTerms
from services.registry.fields import Day, Remark
from shared import indonesian
from shared.faults import Flaw, Invalid

MOST_MOVES = 200
"""Of the moves of one innovation so many are kept, the newest ones."""


class StagePlace(BaseModel):
    """A stage of a pipeline. note: why it is there, for the region only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pipeline: Slug
    stage: Slug
    note: Remark | None = None

    @property
    def place(self) -> tuple[str, str]:
        """Pipeline and stage."""
        return self.pipeline, self.stage


class StageMove(StagePlace):
    """The body of a move. on: the local day since which it is there, if past; by default now."""

    on: Day | None = None


class Move(StagePlace):
    """A move that was made. at: since when it is there, business time; by: an account id; recorded_at: when it was
    entered afterwards, None: at once."""

    at: datetime
    by: str
    recorded_at: datetime | None = None


def moved(moves: tuple[Move, ...], move: StageMove, rules: RulesTerms, by: str, now: datetime) -> tuple[Move, ...]:
    """The moves with this one. When the innovation is there already they stay as they are, unless another day is named
    since which it is there. now: in the region's time zone. Raises Invalid for a pipeline or stage that the region does
    not have, for a day to come, and for one before the move before."""
    _require_known(move, rules)
    there = bool(moves) and moves[-1].place == move.place
    if there and (move.on is None or move.on == moves[-1].at.astimezone(now.tzinfo).date()):
        return moves
    before = moves[:-1] if there else moves
    at = _since(move, before[-1] if before else None, now)
    note = moves[-1].note if there and move.note is None else move.note
    made = Move(
        pipeline=move.pipeline,
        stage=move.stage,
        note=note,
        at=at,
        by=by,
        recorded_at=None if move.on is None else now.astimezone(UTC),
    )
    return (*before, made)[-MOST_MOVES:]


def _since(move: StageMove, before: Move | None, now: datetime) -> datetime:
    """The moment from which on it is there: the first one of a day that is over."""
    if move.on is None or move.on == now.date():
        return now.astimezone(UTC)
    if move.on > now.date():
        raise Invalid([Flaw("on", "future", "hari perpindahan tidak boleh di masa depan")])
    if before is None:
        return datetime.combine(move.on, time.min, now.tzinfo).astimezone(UTC)
    last = before.at.astimezone(now.tzinfo)
    if move.on < last.date():
        why = f"perpindahan sebelumnya tercatat pada {indonesian.day(last.date())}"
        raise Invalid([Flaw("on", "too-early", why)])
    return max(before.at, datetime.combine(move.on, time.min, now.tzinfo)).astimezone(UTC)


def _require_known(move: StageMove, rules: RulesTerms) -> None:
    pipeline = rules.pipeline(move.pipeline)
    if pipeline is None:
        known = ", ".join(each.slug for each in rules.pipelines)
        raise Invalid([Flaw("pipeline", "unknown", f"daerah ini tidak mempunyai jalur ini; yang ada: {known}")])
    if pipeline.stage(move.stage) is None:
        known = ", ".join(each.slug for each in pipeline.stages)
        raise Invalid([Flaw("stage", "unknown", f"jalur ini tidak mempunyai tahapan ini; yang ada: {known}")])


def stuck_since(pipeline: str, stage: str, since: datetime, rules: RulesTerms, now: datetime) -> datetime | None:
    """The moment from which on an innovation at that stage is stuck; None while it is not, and where the region sets no
    patience."""
    found = rules.stage(pipeline, stage)
    if found is None or found.patience_days is None:
        return None
    until = since + timedelta(days=found.patience_days)
    return until if until <= now else None
