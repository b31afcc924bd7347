"""`innovation.returned`."""

from __future__ import annotations

from shared.contracts.contract import Contract
from shared.contracts.innovation_state import InnovationState


class InnovationReturned(InnovationState):
    """The curator returned it for mending; it counts no more until it is handed in again."""


INNOVATION_RETURNED = Contract(
    type="innovation.returned",
    subject="innovation",
    source="registry",
    payload=InnovationReturned,
    means="The curator returned it for mending; it counts no more until it is handed in again.",
)
