"""The entries of the due list: what one person is to be told, and what nobody can be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.messages.alert_log import AlertLog
from services.notifications.reminders.reasons import DueReason
from shared.contracts.message import Alert
from shared.storage.repository import Versioned


class Deferral(StrEnum):
    """Why somebody is told later, or not at all for now."""

    LOG = "log"
    STOPPED = "stopped"
    ALLOW_LIST = "allow-list"
    HELD = "held"
    QUIET = "quiet"
    PERSON_CAP = "person-cap"
    REGION_CAP = "region-cap"
    UNWRITTEN = "unwritten"


@dataclass(frozen=True)
class Reminder:
    """One person with the alerts that are due on the local day `as_of` and not in the alert log.

    held: those that a restore holds back; reasons: of both, the nearest deadline first; subjects: the ids of the
    obligations and entries that they come from; changed_at: machine milliseconds of the newest document that made them
    due; log: the person's, None before the first message; deferred_by, not_before: why and until when nobody is
    told now, None: as long as it lasts.
    """

    person: str
    region: str
    as_of: date
    contact: Contact
    alerts: tuple[Alert, ...] = ()
    held: tuple[Alert, ...] = ()
    reasons: tuple[DueReason, ...] = ()
    agencies: tuple[str, ...] = ()
    changed_at: int = 0
    taken_today: int = 0
    log: Versioned[AlertLog] | None = None
    deferred_by: Deferral | None = None
    not_before: datetime | None = None

    @property
    def channel(self) -> ChannelName:
        """The channel that is tried first."""
        return self.contact.channels(self.as_of)[0]

    @property
    def messages(self) -> tuple[tuple[Alert, ...], ...]:
        """The alerts by message. All are one, except what asks to confirm an address: that has a message of its own if
        it goes through a channel that is not tried first, or through WhatsApp, whose templates have room for one
        link."""
        joined = ChannelName.EMAIL if self.channel is ChannelName.EMAIL else ""
        alone = {name: tuple(each for each in self.alerts if each.reason.channel == name) for name in ChannelName}
        alone = {name: alerts for name, alerts in alone.items() if name != joined}
        others = tuple(each for each in self.alerts if each.reason.channel not in alone)
        return tuple(each for each in (others, *alone.values()) if each)

    @property
    def deadline(self) -> date:
        """The nearest deadline of its reasons."""
        return min((each.deadline for each in self.reasons), default=date.max)


@dataclass(frozen=True)
class Unreachable:
    """An agency with something to tell on that day, and nobody who can be told. years: of the duties and innovations
    concerned; reasons: what nobody can be told; why: `no-contact`, `closed` (every address) or `undelivered`."""

    agency: str
    region: str
    years: tuple[int, ...]
    reasons: tuple[DueReason, ...] = ()
    why: str = ""
