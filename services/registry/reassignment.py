"""The curator moves an innovation to another agency or another year."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from services.registry.fields import Remark
from services.registry.history import Action
from services.registry.innovation import Change, Innovation, owed
from shared.contracts.contract import Origin
from shared.contracts.fields import Id, Year


class Reassignment(BaseModel):
    """agency: of the same region; reason: kept in the history (private)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agency: Id
    year: Year
    reason: Remark


def reassign(innovation: Innovation, said: Reassignment, by: str, origin: Origin) -> Change:
    """Placed elsewhere; the status stays, and the event names every placement that there ever was, so that each of
    them hears that it counts or counts no more. None when it is there already."""
    if (innovation.agency, innovation.year) == (said.agency, said.year):
        return None
    after = innovation.placed(said.agency, said.year).noted(Action.REASSIGNED, by, origin, said.reason)
    return after, owed(after, origin)
