"""Taking an innovation back for good: it never counts again."""

from __future__ import annotations

from services.registry.history import Action
from services.registry.innovation import Innovation, owed
from shared.contracts.contract import Origin
from shared.contracts.event import Draft
from shared.contracts.vocabulary import InnovationStatus


def withdraw(innovation: Innovation, by: str, origin: Origin) -> tuple[Innovation, Draft]:
    """Withdrawn. Raises Conflict for a draft (nothing was handed in) and for what is withdrawn already."""
    innovation.require(InnovationStatus.SUBMITTED, InnovationStatus.RETURNED, InnovationStatus.VERIFIED)
    after = innovation.model_copy(update={"status": InnovationStatus.WITHDRAWN}).noted(Action.WITHDRAWN, by, origin)
    return after, owed(after, origin)
