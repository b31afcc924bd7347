"""The response bodies of this service's routes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Self

from pydantic import BaseModel, Field

from services.notifications.messages.views import MessageAnswer
from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.exemption import Exemption
from services.notifications.obligations.obligation import Progress
from services.notifications.sending.channel import Channel
from services.notifications.sending.channel_state import ChannelState
from shared.contracts.fields import LocalHour
from shared.contracts.message import Alert
from shared.contracts.obligation import ObligationState
from shared.contracts.vocabulary import ObligationStatus


class ObligationAnswer(BaseModel):
    """One agency's obligation for one year.

    counted: the innovations that decide; waiting: why it is open although the deadline has passed or an innovation was
    submitted (`verification`: enough innovations await the curator; `registry`: it is not known yet what was submitted
    in time), waiting_since: since when; on_time: of a fulfilled one, late: it was fulfilled too late; ground: why the
    agency owes nothing (`decree`, `retired`, `not_obliged`, `cancelled`), also beside a fulfilled one; progress: how
    far the furthest innovation has come, progress_since: null if that is not known.
    """

    agency: str
    agency_name: str
    region: str
    year: int = Field(examples=[2026])
    status: ObligationStatus
    minimum: int
    deadline: date
    hour: LocalHour | None
    deadline_revision: int
    counted: list[str]
    waiting: str | None
    waiting_since: datetime | None
    on_time: bool | None
    late: bool
    fulfilled_at: datetime | None
    ground: str | None
    progress: Progress
    progress_since: datetime | None

    @classmethod
    def of(cls, obligation: ObligationDocument, public: ObligationState, name: str) -> Self:
        """public: of the obligation, which has one; name: the agency's."""
        derived = {
            "waiting_since": obligation.waiting_since,
            "late": obligation.late,
            "progress": obligation.progress,
            "progress_since": obligation.progress_since,
        }
        return cls.model_validate({**public.model_dump(), **derived, "agency_name": name})


class Obligations(BaseModel):
    """A page. next: the cursor of the next page, null on the last."""

    items: list[ObligationAnswer]
    next: str | None


class ExemptionAnswer(BaseModel):
    """A decree that exempts an agency for a year. decree: its number, decree_date: its day, null if it is not known;
    by: the id of the account that changed it last; in_force: false for one that was lifted, at lifted_at."""

    agency: str
    agency_name: str
    year: int
    region: str
    decree: str
    decree_date: date | None
    reason: str
    by: str
    in_force: bool
    lifted_at: datetime | None

    @classmethod
    def of(cls, exemption: Exemption, name: str) -> Self:
        """name: the agency's."""
        fields = exemption.model_dump(include=cls.model_fields.keys() - {"agency_name", "in_force"})
        return cls(**fields, agency_name=name, in_force=exemption.in_force)


class Exemptions(BaseModel):
    """A page. next: the cursor of the next page, null on the last."""

    items: list[ExemptionAnswer]
    next: str | None


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
    """A channel. driver: the kind of provider; stopped: its provider refuses the account, for the reason `code`; away:
    it does not answer; paused: it has asked for a pause; refused_templates: `name@version` of those that it refuses;
    next_try: when it is tried again, null while it can be used."""

    name: str
    driver: str
    stopped: bool = False
    code: str | None = None
    away: bool = False
    paused: bool = False
    refused_templates: list[str] = Field(default_factory=list)
    next_try: datetime | None = None

    @classmethod
    def of(cls, channel: Channel, state: ChannelState, now: int) -> Self:
        """now: machine milliseconds."""
        blocked = state.blocked_since(now) is not None
        return cls(
            name=channel.name.value,
            driver=channel.driver,
            stopped=state.stopped,
            code=state.code if state.stopped else None,
            away=state.away,
            paused=state.paused_until > now,
            refused_templates=[each.template for each in state.templates],
            next_try=datetime.fromtimestamp(state.opens_at(now) / 1000, UTC) if blocked else None,
        )


class ChannelsAnswer(BaseModel):
    """Every configured channel."""

    items: list[ChannelAnswer]
