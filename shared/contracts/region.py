"""`region.registered`: a regional government and its duty policy."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from shared.contracts.contract import Contract, Payload
from shared.contracts.vocabulary import AgencyKind, CountsWhen, Zone


class Deadline(Payload):
    """The last local day on which the duty of `year` is fulfilled in time. A new deadline is a new revision; the
    highest is in force, the lower ones are its history. basis: the number of the circular or decree."""

    year: int = Field(ge=2000, le=2100)
    revision: int = Field(ge=1)
    date: date
    set_at: datetime
    basis: str = ""


class DutyPolicy(Payload):
    """Which agencies must submit how many innovations, by when, and what counts. A year without a deadline has no
    duty."""

    obliged_kinds: tuple[AgencyKind, ...]
    minimum: int = Field(default=1, ge=1, le=100)
    counts_when: CountsWhen = CountsWhen.SUBMITTED
    community_counts: bool = True
    deadlines: tuple[Deadline, ...] = ()


class RegionRegistered(Payload):
    """A regional government. code: of Kemendagri (61.12); catalogue: the active indicator catalogue (`2026.1`)."""

    code: str
    name: str
    zone: Zone
    catalogue: str
    policy: DutyPolicy


REGION_REGISTERED = Contract(
    type="region.registered",
    subject="region",
    source="registry",
    payload=RegionRegistered,
    means="A regional government and its duty policy, new or changed.",
)
