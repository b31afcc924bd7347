"""`obligation.overdue`."""

from __future__ import annotations

from shared.contracts.contract import Contract
from shared.contracts.obligation_state import ObligationState


class ObligationOverdue(ObligationState):
    """The deadline has passed and the duty is not fulfilled."""


OBLIGATION_OVERDUE = Contract(
    type="obligation.overdue",
    subject="obligation",
    source="notifications",
    payload=ObligationOverdue,
    means="The deadline has passed and the duty is not fulfilled.",
)
