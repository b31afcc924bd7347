"""`innovation.submitted`."""

from __future__ import annotations

from shared.contracts.contract import Contract
from shared.contracts.innovation_state import InnovationState


class InnovationSubmitted(InnovationState):
    """An agency hands an innovation in, for the first time or again."""


INNOVATION_SUBMITTED = Contract(
    type="innovation.submitted",
    subject="innovation",
    source="registry",
    payload=InnovationSubmitted,
    means="An agency hands an innovation in, for the first time or again.",
)
