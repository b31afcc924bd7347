"""An entry in the log of an endpoint's hand-overs: what was sent when, and how it ended. No body and no answer: they
are in the feed, and nobody's business."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

MOST_ENTRIES = 1_000  # of one endpoint
KEPT_FOR = timedelta(days=30)


class Result(StrEnum):
    """GIVEN_UP: passed over, since the receiver accepted the next event in its stead; MISSING: to be sent again, but
    the feed has no event of that subject."""

    ACCEPTED = "accepted"
    FAILED = "failed"
    GIVEN_UP = "given up"
    MISSING = "missing"


class DeliveryKind(StrEnum):
    """An event in its turn, or what was asked for: a test, one of them again."""

    EVENT = "event"
    TEST = "test"
    REDELIVERY = "redelivery"


class Delivery(BaseModel):
    """number: counts up; at: machine milliseconds; event, type, subject: of what was sent; status: of the answer;
    failure: why there was none; took: milliseconds; attempt: which one in a row since the last success."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: str
    number: int
    at: int
    kind: DeliveryKind
    event: str
    type: str
    subject: str
    webhook_id: str
    result: Result
    status: int | None = None
    failure: str | None = None
    took: int = 0
    attempt: int = 1


def slot(endpoint: str, number: int) -> str:
    """The id of an entry: a later one takes the place of the oldest."""
    return f"{endpoint}/{number % MOST_ENTRIES}"
