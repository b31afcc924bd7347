"""Withdrawal: the innovation never counts again."""

from __future__ import annotations

from services.registry.innovation.history import Action
from services.registry.innovation.innovation import Innovation, event_of
from shared.contracts.contract import Origin
from shared.contracts.event import Draft
from shared.contracts.vocabulary import InnovationStatus


def withdraw(innovation: Innovation, by: str, origin: Origin) -> tuple[Innovation, Draft]:
    """Withdraw. Raises Conflict for a draft, which was never submitted, and for a withdrawn innovation."""
    innovation.require(InnovationStatus.SUBMITTED, InnovationStatus.RETURNED, InnovationStatus.VERIFIED)
    after = innovation.model_copy(update={"status": InnovationStatus.WITHDRAWN}).noted(Action.WITHDRAWN, by, origin)
    return after, event_of(after, origin)
