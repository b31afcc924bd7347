"""What scoring knows of regions and agencies: the newest copy of their public fields, with its sequence."""

from __future__ import annotations

from services.scoring.scorecard.document import RegionUsed
from shared.contracts.agency import AgencyRegistered
from shared.contracts.region import RegionRegistered
from shared.ports.store import Decision, Document, State


def take_region(state: State | None, region: RegionRegistered, sequence: int) -> Decision:
    """A region was heard of. None when what is kept is as new or newer."""
    if state is not None and state["region_sequence"] >= sequence:
        return None
    return {"region_sequence": sequence, "region": region.model_dump(mode="json")}, None


def used(document: Document | None) -> RegionUsed | None:
    """What a scorecard uses of it; None when the region is not known."""
    if document is None:
        return None
    return RegionUsed(sequence=document.state["region_sequence"], catalogue=document.state["region"]["catalogue"])


def take_agency(state: State | None, agency: AgencyRegistered, sequence: int) -> Decision:
    """An agency was heard of. None when what is kept is as new or newer."""
    if state is not None and state["agency_sequence"] >= sequence:
        return None
    return {
        "agency_sequence": sequence,
        "region": agency.region,
        "agency": agency.model_dump(mode="json", include=set(AgencyRegistered.model_fields)),
    }, None
