"""Reassignment: the curator moves an innovation to another agency or another year."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from services.registry.continuation.continuation import fostered_by
from services.registry.fields import Remark
from services.registry.innovation.history import Action
from services.registry.innovation.innovation import Change, Innovation, event_of
from shared.contracts.contract import Origin
from shared.contracts.fields import Id, Year
from shared.storage.models import replaced


class Reassignment(BaseModel):
    """agency: of the same region; reason: kept in the history (private)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agency: Id
    year: Year
    reason: Remark


def reassign(innovation: Innovation, change: Reassignment, by: str, origin: Origin) -> Change:
    """Change the placement; the status stays. The event names every placement that the innovation ever had, so that
    consumers update all of them. The new agency fosters what the former one fostered for the community. None when
    nothing differs."""
    if (innovation.agency, innovation.year) == (change.agency, change.year):
        return None
    after = innovation.placed(change.agency, change.year).noted(Action.REASSIGNED, by, origin, change.reason)
    after = replaced(after, continuation=fostered_by(after.continuation, innovation.agency, change.agency))
    return after, event_of(after, origin)
