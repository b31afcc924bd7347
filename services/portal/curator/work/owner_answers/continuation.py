"""Where a region's innovations are, as the registry counts them."""

from __future__ import annotations

from services.portal.answered.answered import Answered


class StageCount(Answered):
    """How many innovations are at a stage; stuck: of these, for too long."""

    slug: str
    name: str
    count: int
    stuck: int


class PipelineCount(Answered):
    """One pipeline with its counts. launched: how many have reached a launched stage."""

    slug: str
    name: str
    stages: tuple[StageCount, ...]
    launched: int


class Summary(Answered):
    """Where the innovations of a region are."""

    total: int
    unplaced: int
    uses: dict[str, int]
    pipelines: tuple[PipelineCount, ...]
