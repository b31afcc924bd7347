"""`obligation.fulfilled`."""

from __future__ import annotations

from shared.contracts.contract import Contract
from shared.contracts.obligation_state import ObligationState


class ObligationFulfilled(ObligationState):
    """Enough innovations count, in time or late."""


OBLIGATION_FULFILLED = Contract(
    type="obligation.fulfilled",
    subject="obligation",
    source="notifications",
    payload=ObligationFulfilled,
    means="Enough innovations count, in time or late.",
)
