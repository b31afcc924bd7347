"""`alert.sent`."""

from __future__ import annotations

from shared.contracts.alert_state import AlertState
from shared.contracts.contract import Contract


class AlertSent(AlertState):
    """A message was handed over to the provider; proof of hand-over."""


ALERT_SENT = Contract(
    type="alert.sent",
    subject="message",
    source="notifications",
    payload=AlertSent,
    means="A message was handed over to the provider; proof of hand-over.",
)
