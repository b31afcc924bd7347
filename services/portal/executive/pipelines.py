"""The region's ways of development, by name: asked of the registry in the reader's name, and kept for a while."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError

from services.portal.figures.kept import Kept
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.client import Owners
from services.portal.pages.session import SignedIn

_KEPT = 300.0  # seconds


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class PipelineStage(_Shown):
    """A stage on the way."""

    slug: str
    name: str


class Pipeline(_Shown):
    """A way of development, with its stages from the first to the last."""

    name: str
    stages: tuple[PipelineStage, ...]


class _Rules(_Shown):
    pipelines: tuple[Pipeline, ...]


class Pipelines:
    """Reads the ways of development of regions."""

    def __init__(self, owners: Owners) -> None:
        self._owners = owners
        self._kept = Kept[tuple[Pipeline, ...]](_KEPT)

    async def of(self, region: str, session: SignedIn) -> tuple[Pipeline, ...]:
        """Those of a region; none while the registry does not answer."""

        async def ask() -> tuple[Pipeline, ...] | None:
            try:
                answer = await self._owners.registry(session).get(f"/regions/{region}/continuation-rules")
                return _Rules.model_validate(answer.body).pipelines
            except (OwnerAway, OwnerProblem, ValidationError):
                return None

        return await self._kept.get(region, ask) or ()
