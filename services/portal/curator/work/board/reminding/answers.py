"""What notifications answers about reminders by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from services.portal.answered.answered import Answered

TELL = "tell"
"""The outcome of an agency whose people are told. All others say why nobody is."""


class Recipient(Answered):
    """A person, masked. deferred_by: why later, or not now, None: at once; not_before: until when."""

    person: str
    name: str | None
    address: str | None
    channel: str
    deferred_by: str | None
    not_before: datetime | None


class AskedAgency(Answered):
    """One agency of a request. email, whatsapp: how many persons are told first through that channel."""

    agency: str
    agency_name: str
    outcome: str
    email: int
    whatsapp: int
    recipients: tuple[Recipient, ...] = ()

    @property
    def people(self) -> int:
        """How many persons are told."""
        return self.email + self.whatsapp


class Reminders(Answered):
    """What a request would do, or has done. deferred_by: why nobody at all is told now, None: somebody may be."""

    region: str
    year: int
    agencies: tuple[AskedAgency, ...]
    deferred_by: str | None
    not_before: datetime | None

    @property
    def told(self) -> Sequence[AskedAgency]:
        """The agencies whose people are told."""
        return [each for each in self.agencies if each.outcome == TELL]

    @property
    def untold(self) -> Sequence[AskedAgency]:
        """The others."""
        return [each for each in self.agencies if each.outcome != TELL]

    @property
    def people(self) -> int:
        """Different persons; of a stored request, which names nobody, whoever answers for several agencies counts for
        each of them."""
        named = {person.person for each in self.told for person in each.recipients}
        return len(named) or sum(each.people for each in self.told)

    @property
    def silent(self) -> bool:
        """Whether nothing goes out until somebody changes the mode."""
        return self.deferred_by in {"log", "stopped", "allow-list"}


class ReminderRequest(Reminders):
    """A stored request."""

    id: str
    day: date
    at: datetime
