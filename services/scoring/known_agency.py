"""What scoring knows of an agency: the newest copy of its public fields, with its sequence. A ranking says its name and
its kind."""

from __future__ import annotations

from shared.contracts.agency import AgencyRegistered
from shared.ports.store import Decision, State


def take(state: State | None, agency: AgencyRegistered, sequence: int) -> Decision:
    """An agency was heard of. None when what is kept is as new or newer."""
    if state is not None and state["agency_sequence"] >= sequence:
        return None
    return {
        "agency_sequence": sequence,
        "region": agency.region,
        "agency": agency.model_dump(mode="json", include=set(AgencyRegistered.model_fields)),
    }, None
