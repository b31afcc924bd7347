"""Ways of development (pipelines) with their stages: data of a region.

The two that come with the system: Kubu Raya's pipeline of capacity building, incubator and implementation, and the
Laboratorium Inovasi in five steps (drum-up, diagnose, design, deliver, display; Banyumas, Purbalingga, Banjar).
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.contracts.fields import Name

MOST_PIPELINES = 10
MOST_STAGES = 20

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""The stable name of a pipeline or stage, as events carry it."""


class PipelineStage(BaseModel):
    """One stage. name: as people read it; patience_days: an innovation that stays longer is called stuck, None: never;
    launched: who has reached this stage counts as launched."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Slug
    name: Name
    patience_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    launched: bool = False


class Pipeline(BaseModel):
    """A way of development: its stages in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Slug
    name: Name
    stages: tuple[PipelineStage, ...] = Field(min_length=1, max_length=MOST_STAGES)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if len({each.slug for each in self.stages}) < len(self.stages):
            raise ValueError("slug tahapan harus berbeda satu sama lain")
        return self

    def stage(self, slug: str) -> PipelineStage | None:
        """The stage with that slug; None when there is none."""
        return next((each for each in self.stages if each.slug == slug), None)


_PATIENCE = 90  # days; no source states one

DEVELOPMENT = Pipeline(
    slug="pembinaan",
    name="Pembinaan inovasi",
    stages=(
        PipelineStage(slug="pengembangan_kapasitas", name="Pengembangan kapasitas", patience_days=_PATIENCE),
        PipelineStage(slug="inkubator_konsep", name="Inkubator: konsep", patience_days=_PATIENCE),
        PipelineStage(slug="inkubator_sop", name="Inkubator: SOP", patience_days=_PATIENCE),
        PipelineStage(slug="inkubator_uji_coba", name="Inkubator: uji coba", patience_days=_PATIENCE),
        PipelineStage(slug="inkubator_kolaborasi", name="Inkubator: kolaborasi", patience_days=_PATIENCE),
        PipelineStage(slug="penerapan", name="Penerapan", launched=True),
    ),
)
LABORATORY = Pipeline(
    slug="labinov",
    name="Laboratorium Inovasi",
    stages=(
        PipelineStage(slug="drum_up", name="Drum-up", patience_days=_PATIENCE),
        PipelineStage(slug="diagnose", name="Diagnose", patience_days=_PATIENCE),
        PipelineStage(slug="design", name="Design", patience_days=_PATIENCE),
        PipelineStage(slug="deliver", name="Deliver", patience_days=_PATIENCE),
        PipelineStage(slug="display", name="Display", launched=True),
    ),
)
BUILT_IN = (DEVELOPMENT, LABORATORY)
"""What a region has that has set no pipelines of its own."""
