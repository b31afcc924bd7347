"""How places moved since the ranking was frozen last. Freezes are scoring's: without it the places stand without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, ValidationError

from services.portal.figures.kept import Kept
from services.portal.model.views.ranking import Direction, Movement, Ranked, RankingQuery
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.client import Owners

_KEPT = 60.0  # seconds


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Moved(_Shown):
    direction: Direction
    before: int | None = None
    steps: int = 0


class _Place(_Shown):
    innovation: str
    movement: _Moved | None = None


class _Places(_Shown):
    items: tuple[_Place, ...]


class Movements:
    """Adds movements to places."""

    def __init__(self, owners: Owners) -> None:
        self._owners = owners
        self._kept = Kept[dict[str, _Moved | None]](_KEPT)

    async def of(self, query: RankingQuery, places: Sequence[Ranked]) -> list[Ranked]:
        """The places of a page with their movements. Only a region's ranking is frozen; one that is filtered is
        compared with the freeze under the same filter."""
        if query.region is None or not places:
            return list(places)
        first, count = max(0, places[0].rank - 1), len(places)

        async def ask() -> dict[str, _Moved | None] | None:
            return await self._moved(query, first, count)

        moved = await self._kept.get((query, first, count), ask) or {}
        return [_with(each, moved.get(each.innovation.id)) for each in places]

    async def _moved(self, query: RankingQuery, first: int, count: int) -> dict[str, _Moved | None] | None:
        """Innovation → its movement, of the places after the first ones; None: scoring does not answer."""
        try:
            answer = await self._owners.scoring(None).get(
                "/rankings",
                region=query.region,
                year=query.year,
                kind=query.kind,
                form=query.form,
                affair=query.main_affair,
                nature=query.nature,
                limit=count,
                after=str(first),
            )
            found = _Places.model_validate(answer.body)
        except (OwnerAway, OwnerProblem, ValidationError):
            return None
        return {each.innovation: each.movement for each in found.items}


def _with(place: Ranked, moved: _Moved | None) -> Ranked:
    return replace(place, movement=Movement(moved.direction, moved.before, moved.steps)) if moved else place
