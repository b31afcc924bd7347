"""A region's rules of continuation as the registry answers them."""

from __future__ import annotations

from services.portal.answered.answered import Answered


class PipelineStage(Answered):
    """One stage of a pipeline. patience_days: longer there is stuck, None: never."""

    slug: str
    name: str
    patience_days: int | None = None
    launched: bool = False


class Pipeline(Answered):
    """A way of development."""

    slug: str
    name: str
    stages: tuple[PipelineStage, ...]


class FollowUpRules(Answered):
    """How often it is asked whether an innovation is in use, and how long an answer may take."""

    every_months: int
    answer_within_days: int


class Rules(Answered):
    """The region's rules. by: the account that changed them last, empty: those that come with the system."""

    pipelines: tuple[Pipeline, ...]
    follow_up: FollowUpRules
    ideas_per_day: int
    sustainability_required: bool = False
    by: str = ""

    def pipeline_name(self, pipeline: str) -> str:
        """The name that people read; the slug of a pipeline that the rules have no more."""
        return next((each.name for each in self.pipelines if each.slug == pipeline), pipeline)

    def stage_name(self, pipeline: str, stage: str) -> str:
        """The name that people read; the slug when the rules have no such stage any more."""
        names = {each.slug: each.name for line in self.pipelines if line.slug == pipeline for each in line.stages}
        return names.get(stage, stage)
