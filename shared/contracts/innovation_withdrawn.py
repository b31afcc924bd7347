"""`innovation.withdrawn`."""

from __future__ import annotations

from shared.contracts.contract import Contract
from shared.contracts.innovation_state import InnovationState


class InnovationWithdrawn(InnovationState):
    """The agency or the curator withdrew it; it never counts again."""


INNOVATION_WITHDRAWN = Contract(
    type="innovation.withdrawn",
    subject="innovation",
    source="registry",
    payload=InnovationWithdrawn,
    means="The agency or the curator withdrew it; it never counts again.",
)
