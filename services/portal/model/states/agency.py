"""An agency as it is kept. Pure."""

from __future__ import annotations

from services.portal.model.states.step import HEARD, is_news
from services.portal.model.states.times import day
from services.portal.model.views.region import AgencyView
from shared.contracts.agency import AgencyRegistered
from shared.contracts.names import folded
from shared.contracts.vocabulary import AgencyKind
from shared.ports.store import State


def with_agency(state: State | None, agency: AgencyRegistered, sequence: int) -> State | None:
    """The newer of what is kept and what an event says."""
    if not is_news(state, sequence):
        return None
    named = {"region": agency.region, "kind": agency.kind.value, "sort_name": folded(agency.name)}
    return {**named, HEARD: sequence, "agency": agency.model_dump(mode="json")}


def agency_of(state: State) -> AgencyView:
    """As pages see it."""
    agency = state["agency"]
    return AgencyView(
        id=agency["id"],
        region=agency["region"],
        name=agency["name"],
        kind=AgencyKind(agency["kind"]),
        retired=agency["retired"],
        retired_on=day(agency["retired_on"]),
        obliged_from=agency["obliged_from"],
        successor=agency["successor"],
        parent=agency["parent"],
        sequence=state[HEARD],
    )
