"""`innovation.verified`."""

from __future__ import annotations

from shared.contracts.contract import Contract
from shared.contracts.innovation_state import InnovationState


class InnovationVerified(InnovationState):
    """The curator verified it, row by row."""


INNOVATION_VERIFIED = Contract(
    type="innovation.verified",
    subject="innovation",
    source="registry",
    payload=InnovationVerified,
    means="The curator verified it, row by row.",
)
