"""`obligation.exempted`."""

from __future__ import annotations

from shared.contracts.contract import Contract
from shared.contracts.obligation_state import ObligationState


class ObligationExempted(ObligationState):
    """The agency need not, by a decree, by retirement, or because the policy no longer obliges it."""


OBLIGATION_EXEMPTED = Contract(
    type="obligation.exempted",
    subject="obligation",
    source="notifications",
    payload=ObligationExempted,
    means="The agency need not, by a decree, by retirement, or because the policy no longer obliges it.",
)
