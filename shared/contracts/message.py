"""The events about one message to one person. They carry no name, no address and no text."""

from __future__ import annotations

from datetime import datetime

from shared.contracts.contract import Contract, Payload


class Alert(Payload):
    """One reason to write to one person. id: uuid5(agency, year, deadline's revision, stage, person); stage:
    `before-30`, `overdue`."""

    id: str
    agency: str
    year: int
    deadline_revision: int
    stage: str


class AlertState(Payload):
    """person: opaque; number: the n of `message/<person>/<n>`; channel: of the last attempt; attempts: how many were
    started; possibly_repeated: an attempt was in progress at a crash and was made once more; code: of a failure, a
    stable slug."""

    person: str
    number: int
    region: str
    alerts: tuple[Alert, ...]
    channel: str
    attempts: int
    possibly_repeated: bool = False
    settled_at: datetime
    code: str | None = None


class AlertSent(AlertState):
    """The provider accepted a message: the proof of hand-over."""


ALERT_SENT = Contract(
    type="alert.sent",
    subject="message",
    source="notifications",
    payload=AlertSent,
    means="The provider accepted a message: the proof of hand-over.",
)


class AlertFailed(AlertState):
    """A message could not be handed over and is not tried again."""


ALERT_FAILED = Contract(
    type="alert.failed",
    subject="message",
    source="notifications",
    payload=AlertFailed,
    means="A message could not be handed over and is not tried again.",
)
