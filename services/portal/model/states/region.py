"""A region as it is kept. Pure."""

from __future__ import annotations

from services.portal.model.states.step import HEARD, is_news
from services.portal.model.views.region import RegionView
from shared.contracts.region import RegionRegistered
from shared.ports.store import State


def with_region(state: State | None, region: RegionRegistered, sequence: int) -> State | None:
    """The newer of what is kept and what an event says."""
    if not is_news(state, sequence):
        return None
    return {HEARD: sequence, "region": region.model_dump(mode="json")}


def region_of(state: State) -> RegionView:
    """As pages see it."""
    region = RegionRegistered.model_validate(state["region"], extra="ignore")
    return RegionView(
        code=region.code,
        name=region.name,
        zone=region.zone,
        catalogue=region.catalogue,
        policies=region.policies,
        deadlines=region.deadlines,
        sequence=state[HEARD],
    )
