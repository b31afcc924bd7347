"""`deadline.passed`: what the registry had received when a deadline passed."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from shared.contracts.contract import Contract, Payload
from shared.contracts.fields import LocalHour


class DeadlinePassed(Payload):
    """The deadline of a region's year has passed. revision, date, hour: of that deadline; submitted: agency → the ids,
    sorted, of every innovation that was first submitted in time and is or ever was assigned to that agency and
    year. Agencies without one are left out."""

    region: str
    year: int = Field(ge=2000, le=2100)
    revision: int = Field(ge=1)
    date: date
    hour: LocalHour | None = None
    submitted: dict[str, tuple[str, ...]]


DEADLINE_PASSED = Contract(
    type="deadline.passed",
    subject="deadline",
    source="registry",
    payload=DeadlinePassed,
    means="A deadline has passed: the innovations that were first submitted in time, by agency.",
)
