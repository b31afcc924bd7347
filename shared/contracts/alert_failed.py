"""`alert.failed`."""

from __future__ import annotations

from shared.contracts.alert_state import AlertState
from shared.contracts.contract import Contract


class AlertFailed(AlertState):
    """A message could not be handed over, for good."""


ALERT_FAILED = Contract(
    type="alert.failed",
    subject="message",
    source="notifications",
    payload=AlertFailed,
    means="A message could not be handed over, for good.",
)
