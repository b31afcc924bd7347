"""A region's rules of continuation: its pipelines, and how often it asks whether an innovation is still in use."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.registry.continuation.pipeline import BUILT_IN, MOST_PIPELINES, Pipeline, PipelineStage


class FollowUpRules(BaseModel):
    """every_months: between two questions to the owner; answer_within_days: unanswered for longer, the innovation is
    dormant. (Our defaults; no source states any.)"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    every_months: int = Field(default=6, ge=1, le=60)
    answer_within_days: int = Field(default=30, ge=1, le=365)


class RulesTerms(BaseModel):
    """What a curator sets. pipelines: in the order in which they are shown; ideas_per_day: how many public ideas the
    region takes on a local day, 0: none; sustainability_required: a verified innovation must name team, SOP and
    financing (Pontianak), and is weak until it does; else only what is named is judged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pipelines: tuple[Pipeline, ...] = Field(default=BUILT_IN, min_length=1, max_length=MOST_PIPELINES)
    follow_up: FollowUpRules = FollowUpRules()
    ideas_per_day: int = Field(default=50, ge=0, le=10_000)
    sustainability_required: bool = False

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if len({each.slug for each in self.pipelines}) < len(self.pipelines):
            raise ValueError("slug jalur harus berbeda satu sama lain")
        return self

    def pipeline(self, slug: str) -> Pipeline | None:
        """The pipeline with that slug; None when there is none."""
        return next((each for each in self.pipelines if each.slug == slug), None)

    def stage(self, pipeline: str, stage: str) -> PipelineStage | None:
        """A stage of a pipeline; None when there is none."""
        found = self.pipeline(pipeline)
        return found.stage(stage) if found else None


class ContinuationRules(RulesTerms):
    """As it is stored, under the region's code. by: the account that changed it last, empty: the built-in rules."""

    by: str = ""


def set_rules(before: ContinuationRules | None, terms: RulesTerms, by: str) -> ContinuationRules | None:
    """The rules after a change; None when nothing differs."""
    if RulesTerms(**(before or ContinuationRules()).model_dump(include=set(RulesTerms.model_fields))) == terms:
        return None
    return ContinuationRules(**terms.model_dump(), by=by)
