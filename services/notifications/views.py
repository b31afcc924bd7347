"""The response bodies of this service's routes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, Field

from services.notifications.messages.views import MessageAnswer
from shared.contracts.message import Alert
from shared.contracts.obligation import ObligationState
from shared.contracts.vocabulary import ObligationStatus


class ObligationAnswer(BaseModel):
    """One agency's obligation for one year. waiting: `verification` while enough innovations await the curator;
    on_time: of a fulfilled one; ground: of an exemption (`decree`, `retired`, `not_obliged`)."""

    agency: str
    agency_name: str
    region: str
    year: int = Field(examples=[2026])
    status: ObligationStatus
    minimum: int
    deadline: date
    deadline_revision: int
    counted: list[str]
    waiting: str | None
    on_time: bool | None
    fulfilled_at: datetime | None
    ground: str | None

    @classmethod
    def of(cls, public: ObligationState, name: str) -> Self:
        """name: the agency's."""
        return cls.model_validate({**public.model_dump(), "agency_name": name})


class Obligations(BaseModel):
    """A page. next: the cursor of the next page, null on the last."""

    items: list[ObligationAnswer]
    next: str | None


class ExemptionAnswer(BaseModel):
    """A decree that exempts an agency for a year."""

    agency: str
    year: int
    region: str
    decree: str
    reason: str


class UnreachableAgency(BaseModel):
    """An agency with an unfulfilled obligation and without a reachable contact. contacts: how many it has."""

    agency: str
    agency_name: str
    region: str
    year: int
    status: ObligationStatus
    contacts: int


class UnreachableAgencies(BaseModel):
    """A page."""

    items: list[UnreachableAgency]
    next: str | None


class HeldAlert(BaseModel):
    """An alert that a restore holds back."""

    person: str
    region: str
    alert: Alert


class HeldAnswer(BaseModel):
    """What is held after a restore until the operator decides: alerts that may have been sent since the backup, and
    messages that were unsettled in it. `satu remind --release-held` sends them, `--discard-held` does not."""

    since: datetime | None
    alerts: list[HeldAlert]
    messages: list[MessageAnswer]


class ChannelAnswer(BaseModel):
    """The channel in use. code: why it is stopped."""

    name: str
    stopped: bool
    code: str | None
