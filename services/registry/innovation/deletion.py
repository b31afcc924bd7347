"""Deletion of a draft: what was written is gone; that there was one stays, so that everybody hears of its end."""

from __future__ import annotations

from services.registry.innovation.history import Action
from services.registry.innovation.innovation import Innovation, event_of
from shared.contracts.contract import Origin
from shared.contracts.event import Draft
from shared.contracts.vocabulary import InnovationStatus

_KEPT = {"id", "region", "agency", "year", "assignments", "history", "created_by_body"}


def delete(innovation: Innovation, by: str, origin: Origin) -> tuple[Innovation, Draft]:
    """Delete a draft. Raises Conflict for an innovation that was ever submitted: that is withdrawn instead."""
    innovation.require(InnovationStatus.DRAFT)
    kept = innovation.model_dump(include=_KEPT)
    after = Innovation(**kept, status=InnovationStatus.WITHDRAWN).noted(Action.DELETED, by, origin)
    return after, event_of(after, origin)
