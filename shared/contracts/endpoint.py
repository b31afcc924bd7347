"""`endpoint.changed`: whether a webhook endpoint is served."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from shared.contracts.contract import Contract, Payload


class EndpointStatus(StrEnum):
    """ACTIVE: events are handed over; DISABLED: nothing is, until somebody enables it."""

    ACTIVE = "active"
    DISABLED = "disabled"


class DisablingCause(StrEnum):
    """ACCOUNT: somebody disabled or removed it; GONE: it answered 410; FAILING: five days without any success."""

    ACCOUNT = "account"
    GONE = "gone"
    FAILING = "failing"


class EndpointChanged(Payload):
    """since: business time of the last change of status; times: how often it has been disabled until now; cause: of
    a disabled one. The URL is not told: it may hold a secret of the receiver."""

    endpoint: str
    region: str
    status: EndpointStatus
    since: datetime
    times: int = Field(default=0, ge=0)
    cause: DisablingCause | None = None


ENDPOINT_CHANGED = Contract(
    type="endpoint.changed",
    subject="endpoint",
    source="feed",
    payload=EndpointChanged,
    means="A webhook endpoint is active or disabled, since when, and how often it was disabled; without its URL.",
)
