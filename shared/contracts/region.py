"""`region.registered`: a regional government, its duty policy by year, and the deadlines of its duties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field

from shared.contracts.contract import Contract, Payload
from shared.contracts.fields import LocalHour
from shared.contracts.vocabulary import AgencyKind, CountsWhen, Zone

FIRST_YEAR = 2000  # the `from_year` of a policy that was stored before policies had years


class Deadline(Payload):
    """When the duty of `year` must be fulfilled to be in time. date: the last local day; hour: the last local moment on
    that day, None: the whole day; a submission at exactly that moment is in time. A changed date or hour is a new
    revision; the highest is in force, the lower ones are its history. cancelled: the year has no duty from this
    revision on; date and hour are those that were cancelled. basis: the number of the circular or decree, which can be
    corrected without a new revision."""

    year: int = Field(ge=2000, le=2100)
    revision: int = Field(ge=1)
    date: date
    hour: LocalHour | None = None
    cancelled: bool = False
    set_at: datetime
    basis: str = ""

    def end(self, zone: Zone) -> datetime:
        """The moment of the hour or, without one, the midnight that ends the day."""
        if self.hour is None:
            return datetime.combine(self.date + timedelta(days=1), time(), ZoneInfo(zone))
        return datetime.combine(self.date, self.hour, ZoneInfo(zone))

    def allows(self, moment: datetime, zone: Zone) -> bool:
        """Whether a first submission at that moment (aware) is in time."""
        return moment < self.end(zone) if self.hour is None else moment <= self.end(zone)


class PolicyRevision(Payload):
    """Which agencies must submit how many innovations a year from `from_year` on, and what counts. minimum_by_kind:
    instead of `minimum`, for these kinds; mandatory_rows: an innovation counts only when every mandatory row of the
    catalogue is filled in; decree: its number."""

    revision: int = Field(ge=1)
    from_year: int = Field(ge=2000, le=2100)
    obliged_kinds: tuple[AgencyKind, ...]
    minimum: int = Field(default=1, ge=1, le=100)
    minimum_by_kind: dict[AgencyKind, int] = Field(default_factory=dict)
    counts_when: CountsWhen = CountsWhen.SUBMITTED
    community_counts: bool = True
    mandatory_rows: bool = False
    decree: str = ""
    set_at: datetime | None = None

    def minimum_of(self, kind: AgencyKind) -> int:
        """How many innovations an agency of this kind owes in one year."""
        return self.minimum_by_kind.get(kind, self.minimum)


def deadline_in_force(deadlines: Sequence[Deadline], year: int) -> Deadline | None:
    """The year's deadline with the highest revision, also a cancelled one; None: none was ever set."""
    return max((each for each in deadlines if each.year == year), key=lambda each: each.revision, default=None)


def policy_in_force(policies: Sequence[PolicyRevision], year: int) -> PolicyRevision | None:
    """Of the revisions that begin in `year` or before those that begin last, and of these the newest; None: the year is
    before all of them. So a past year is changed only by a revision that names it."""
    begun = [each for each in policies if each.from_year <= year]
    return max(begun, key=lambda each: (each.from_year, each.revision), default=None)


class RegionRegistered(Payload):
    """A regional government. code: of Kemendagri (61.12); catalogue: the active indicator catalogue (`2026.1`);
    policies: every revision of its duty policy. A year without a deadline has no duty."""

    code: str
    name: str
    zone: Zone
    catalogue: str
    policies: tuple[PolicyRevision, ...]
    deadlines: tuple[Deadline, ...] = ()


def _from_1(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 had one policy for all years, which held the deadlines: it is revision 1 from 2000."""
    policy = dict(data["policy"])
    deadlines = policy.pop("deadlines", [])
    rest = {name: value for name, value in data.items() if name != "policy"}
    return {**rest, "policies": [{**policy, "revision": 1, "from_year": FIRST_YEAR}], "deadlines": deadlines}


REGION_REGISTERED = Contract(
    type="region.registered",
    subject="region",
    source="registry",
    payload=RegionRegistered,
    means="A regional government, its duty policy by year and its deadlines, new or changed.",
    version=2,
    lifts={1: _from_1},
)
