"""The version of a region's ranking inputs, so that a computed ranking is reused until one of them changes.

    read ──mark──► changed ──current──► read, under a new version

A change of an input marks the region *after* its own write is durable, and before it is acknowledged. Who computes asks
for the version *before* it reads. So what a version was computed from includes every change that was marked before it,
and a later change ends it. A mark that finds `changed` writes nothing: an import costs one write, not one per change.
With several replicas, one small document says whether what each of them keeps is still true.

Forecasts have versions of their own: they change with every submission, verified rankings only with what is verified.
"""

from __future__ import annotations

from services.scoring.kinds import RANKING_VERSION
from services.scoring.ranking.entry import Measure
from shared.ports.store import ID, Decision, OneOf, State, Store

NATION = "nation"
"""The id of the version of all regions together; a region's code has digits only."""


def version_id(region: str | None, measure: Measure) -> str:
    """The document's id. region: None for the nation."""
    return (region or NATION) if measure is Measure.VERIFIED else f"{region or NATION}/{measure.value}"


class RankingVersions:
    """The versions of all regions. All methods raise StoreAway."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def mark(self, region: str) -> None:
        """End the versions that depend on the region, after a durable change of a scorecard, an agency, a freeze or the
        region itself. A MarkRegion."""
        await self._end(region, *Measure)

    async def mark_forecasts(self, region: str) -> None:
        """As `mark`, after a change of a scorecard that neither was nor is verified."""
        await self._end(region, Measure.CLAIMED)

    async def _end(self, region: str, *measures: Measure) -> None:
        ids = [version_id(each, measure) for each in (region, None) for measure in measures]
        page = await self._store.find(RANKING_VERSION.name, {ID: OneOf(ids)}, limit=len(ids))
        for document in page.documents:
            if document.state["read"]:
                await self._store.change(RANKING_VERSION.name, document.id, _changed)

    async def current(self, region: str | None, measure: Measure) -> int:
        """The version for what is computed from now on. region: None for the nation."""
        id = version_id(region, measure)
        found = await self._store.get(RANKING_VERSION.name, id)
        if found is None or not found.state["read"]:
            found = await self._store.change(RANKING_VERSION.name, id, _read)
        return found.sequence


def _changed(state: State | None) -> Decision:
    return ({"read": False}, None) if state is not None and state["read"] else None


def _read(state: State | None) -> Decision:
    return None if state is not None and state["read"] else ({"read": True}, None)
