"""The answers about webhook endpoints. Only those to a creation and to a rotation show a secret."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self

from pydantic import BaseModel, Field

from services.feed.endpoints.delivery import Delivery, DeliveryKind, Result
from services.feed.endpoints.endpoint import Endpoint
from services.feed.endpoints.progress import Progress
from shared.clock import machine_ms
from shared.contracts.endpoint import DisablingCause, EndpointStatus
from shared.storage.repository import Versioned


class EndpointAnswer(BaseModel):
    """url: only where one endpoint is read, else null; subjects: null: all; since: of the status; times: how often it
    was disabled; cause: of a disabled one; failures: in a row; failing_since: the first of them; next_attempt: null: as
    soon as there is something."""

    id: str
    host: str = Field(examples=["dasbor.kuburaya.example"])
    url: str | None = None
    subjects: list[str] | None
    region: str
    status: EndpointStatus
    since: datetime
    times: int
    cause: DisablingCause | None
    failures: int
    failing_since: datetime | None
    next_attempt: datetime | None

    @classmethod
    def of(cls, found: Versioned[Endpoint], progress: Progress, url: str | None = None) -> Self:
        """From the stored endpoint."""
        return cls(**_fields(found, progress, url))


class CreatedAnswer(EndpointAnswer):
    """secret: signs what is handed over; null in the answer to a repeat that comes later than an hour."""

    secret: str | None = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])

    @classmethod
    def of(cls, found: Versioned[Endpoint], progress: Progress, url: str | None = None) -> Self:
        """From the endpoint that was created."""
        secret = found.value.first_secret(machine_ms())
        return cls(**_fields(found, progress, url or found.value.url), secret=secret)


class RotatedAnswer(BaseModel):
    """The new secret."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class WantedAnswer(BaseModel):
    """It is sent at once; the log of deliveries tells how it ended."""

    status: str = "accepted"


class DeliveryAnswer(BaseModel):
    """An entry of the log. kind: `event`, or what was asked for; status: of the receiver's answer; failure: why there
    was none; took: milliseconds; attempt: which one in a row since the last success."""

    number: int
    at: datetime
    kind: DeliveryKind
    event: str
    type: str
    subject: str
    webhook_id: str
    result: Result
    status: int | None
    failure: str | None
    took: int
    attempt: int

    @classmethod
    def of(cls, entry: Delivery) -> Self:
        """From a stored entry."""
        fields = entry.model_dump(exclude={"endpoint", "at"})
        return cls(at=_time(entry.at), **fields)


class Endpoints(BaseModel):
    """A page."""

    items: list[EndpointAnswer]
    next: str | None


class Deliveries(BaseModel):
    """A page."""

    items: list[DeliveryAnswer]
    next: str | None


def _fields(found: Versioned[Endpoint], progress: Progress, url: str | None) -> dict[str, object]:
    endpoint = found.value
    waits = progress.failures > 0 and endpoint.is_active
    return {
        "id": found.id,
        "host": endpoint.host,
        "url": url,
        "subjects": list(endpoint.subjects) or None,
        "region": endpoint.region,
        "status": EndpointStatus.ACTIVE if endpoint.is_active else EndpointStatus.DISABLED,
        "since": endpoint.since,
        "times": endpoint.times,
        "cause": endpoint.cause,
        "failures": progress.failures,
        "failing_since": _time(progress.failing_since) if progress.failing_since is not None else None,
        "next_attempt": _time(progress.due) if waits else None,
    }


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
