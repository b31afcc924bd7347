"""`obligation.opened`."""

from __future__ import annotations

from shared.contracts.contract import Contract
from shared.contracts.obligation_state import ObligationState


class ObligationOpened(ObligationState):
    """A duty exists and is not fulfilled yet; or it is open again."""


OBLIGATION_OPENED = Contract(
    type="obligation.opened",
    subject="obligation",
    source="notifications",
    payload=ObligationOpened,
    means="A duty exists and is not fulfilled yet; or it is open again.",
)
