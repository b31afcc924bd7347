"""What happens in a year, as plain facts with the moment at which notifications hears of each.

`at` is an aware time in UTC (business time). The inner times are those of the owner: an event may arrive late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from shared.contracts.vocabulary import AgencyKind, Zone


@dataclass(frozen=True)
class Policy:
    """A revision of a region's duty policy, in force from the duty year `from_year` on."""

    revision: int
    from_year: int
    kinds: frozenset[AgencyKind]
    minimum: int = 1
    by_kind: Mapping[AgencyKind, int] | None = None
    verified: bool = False
    community: bool = True


@dataclass(frozen=True)
class Due:
    """A revision of a year's deadline. day, hour: local; hour None: the whole day."""

    year: int
    revision: int
    day: date
    set_at: datetime
    hour: time | None = None
    cancelled: bool = False
    basis: str = "SE 1"


@dataclass(frozen=True)
class Fact:
    """at: when notifications hears of it, or when it begins in the world."""

    at: datetime


@dataclass(frozen=True)
class RegionSaid(Fact):
    """The whole public state of a region."""

    region: str
    zone: Zone
    policies: tuple[Policy, ...]
    deadlines: tuple[Due, ...]


@dataclass(frozen=True)
class AgencySaid(Fact):
    """The whole public state of an agency."""

    id: str
    region: str
    kind: AgencyKind
    retired_on: date | None = None
    obliged_from: int | None = None


@dataclass(frozen=True)
class InnovationSaid(Fact):
    """The whole public state of an innovation. sequence: of the registry's document; status: as InnovationStatus."""

    id: str
    region: str
    agency: str
    year: int
    status: str
    turn: int
    status_since: datetime
    sequence: int
    former: tuple[tuple[str, int], ...] = ()
    community: bool = False
    first_submitted_at: datetime | None = None
    verified_at: datetime | None = None
    imported: bool = False


@dataclass(frozen=True)
class Scored(Fact):
    """A scorecard. innovation_sequence: of the version that was scored; sequence: of the card."""

    innovation: str
    region: str
    agency: str
    year: int
    innovation_sequence: int
    sequence: int


@dataclass(frozen=True)
class PassedSaid(Fact):
    """The registry's answer after a deadline: agency → the innovations that were first submitted in time."""

    region: str
    year: int
    revision: int
    day: date
    hour: time | None
    submitted: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Exempted(Fact):
    """A decree exempts the agency for the year; lifted: it is taken back."""

    region: str
    agency: str
    year: int
    lifted: bool = False


@dataclass(frozen=True)
class ContactSaid(Fact):
    """A contact, new or changed. email, phone: normalised, empty for none."""

    person: str
    region: str
    role: str
    agencies: tuple[str, ...]
    name: str
    email: str = ""
    phone: str = ""
    preferred: str = "email"
    valid_from: date | None = None
    valid_to: date | None = None
    another_person: bool = False
    reopen: bool = False


@dataclass(frozen=True)
class ContactErased(Fact):
    """A person's data are erased."""

    person: str


@dataclass(frozen=True)
class LinkFollowed(Fact):
    """The person confirms the address of one channel by its link."""

    person: str
    channel: str


@dataclass(frozen=True)
class AlertPolicySaid(Fact):
    """A revision of a region's alert policy. ladder: days before the deadline; quiet: from, until (local hours);
    quiet_days: ISO weekdays on which nothing is sent; cap: messages for one person a day; weekday: of the weekly list
    (ISO)."""

    region: str
    from_day: date
    ladder: tuple[int, ...] = (60, 30, 14, 7, 1)
    quiet: tuple[time, time] = (time(19), time(7))
    quiet_days: tuple[int, ...] = ()
    cap: int = 3
    weekday: int = 1


@dataclass(frozen=True)
class Outage(Fact):
    """A provider answers nothing on this channel until then."""

    channel: str
    until: datetime


@dataclass(frozen=True)
class AddressBecomes(Fact):
    """How the provider treats one address from now on: see `provider.Behaviour`. until: of a busy one."""

    address: str
    behaviour: str
    until: datetime | None = None
