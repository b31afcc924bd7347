"""An innovation's continuation, and a region's rules of it, as the registry answers them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from services.portal.curator.work.owner_answers.answer import Answer
from services.portal.curator.work.owner_answers.innovation import EvidenceFile
from shared.contracts.vocabulary import InnovationStatus


class Move(Answer):
    """A move to a stage. at: since when it is there."""

    pipeline: str
    stage: str
    note: str | None = None
    at: datetime


class UseState(Answer):
    """Whether it is in use, and since when."""

    use: str
    since: datetime
    reason: str | None = None


class Question(Answer):
    """The open question."""

    number: int
    asked_on: date
    until: date
    files: tuple[EvidenceFile, ...] = ()


class Figure(Answer):
    """A figure of use."""

    label: str
    value: Decimal
    unit: str | None = None


class FollowUpAnswer(Answer):
    """The owner's answer."""

    use: str
    reason: str | None = None
    figures: tuple[Figure, ...] = ()
    note: str | None = None


class FollowUp(Answer):
    """A question that is settled."""

    number: int
    asked_on: date
    answer: FollowUpAnswer | None = None
    answered_at: datetime | None = None
    lapsed_on: date | None = None
    files: tuple[EvidenceFile, ...] = ()


class Remarked(Answer):
    """A concern. words: in Bahasa Indonesia."""

    concern: str
    since: date | None = None
    words: str


class Continuation(Answer):
    """Everything of one innovation. stuck_since: longer at its stage than the region's patience."""

    sequence: int
    id: str
    region: str
    agency: str
    status: InnovationStatus
    stage: Move | None = None
    stuck_since: datetime | None = None
    moves: tuple[Move, ...] = ()
    use: UseState | None = None
    question: Question | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    concerns: tuple[Remarked, ...] = ()


class PipelineStage(Answer):
    """One stage of a pipeline."""

    slug: str
    name: str
    patience_days: int | None = None
    launched: bool = False


class Pipeline(Answer):
    """A way of development."""

    slug: str
    name: str
    stages: tuple[PipelineStage, ...]


class Rules(Answer):
    """The region's rules."""

    pipelines: tuple[Pipeline, ...]

    def stage_name(self, pipeline: str, stage: str) -> str:
        """The name that people read; the slug when the rules have no such stage any more."""
        names = {each.slug: each.name for line in self.pipelines if line.slug == pipeline for each in line.stages}
        return names.get(stage, stage)


class StageCount(Answer):
    """How many innovations are at a stage; stuck: of these, for too long."""

    slug: str
    name: str
    count: int
    stuck: int


class PipelineCount(Answer):
    """One pipeline with its counts. launched: how many have reached a launched stage."""

    slug: str
    name: str
    stages: tuple[StageCount, ...]
    launched: int


class Summary(Answer):
    """Where the innovations of a region are."""

    total: int
    unplaced: int
    uses: dict[str, int]
    pipelines: tuple[PipelineCount, ...]
