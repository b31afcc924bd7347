"""A regional government, its duty policy and the history of its deadlines.

Deadlines have moved in past years (2021, 2023), so a moved deadline is a new revision: a year's highest revision is in
force, the lower ones are its history.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from services.registry.fields import Day, Reference
from shared.contracts.contract import Origin, draft
from shared.contracts.event import Draft
from shared.contracts.fields import Name, RegionCode, Year
from shared.contracts.region import (
    FIRST_YEAR,
    REGION_REGISTERED,
    Deadline,
    PolicyRevision,
    RegionRegistered,
)
from shared.contracts.vocabulary import AgencyKind, CountsWhen, Zone
from shared.faults import Flaw, Invalid
from shared.storage.stored import Stored

CatalogueName = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}\.[0-9]{1,3}$")]
"""The indicator catalogue's `year.revision`."""


class RegionPolicy(BaseModel):
    """Which kinds of agencies owe how many innovations a year, and what counts. Deadlines are set separately.
    community_counts: whether an innovation of the community counts for the agency that fosters it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    obliged_kinds: tuple[AgencyKind, ...] = Field(max_length=len(AgencyKind))
    minimum: int = Field(default=1, ge=1, le=100)
    counts_when: CountsWhen = CountsWhen.SUBMITTED
    community_counts: bool = True

    @field_validator("obliged_kinds")
    @classmethod
    def _each_once(cls, kinds: tuple[AgencyKind, ...]) -> tuple[AgencyKind, ...]:
        return tuple(dict.fromkeys(kinds))


class RegionTerms(BaseModel):
    """What can be changed about a region in one request."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    zone: Zone
    catalogue: CatalogueName
    policy: RegionPolicy


class NewRegion(RegionTerms):
    """The body of a registration."""

    code: RegionCode


class NewDeadline(BaseModel):
    """date: the last local day for fulfilling the duty of `year` in time; basis: the number of the circular or decree
    that sets it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: Year
    date: Day
    basis: Reference


class StoredDeadline(Deadline):
    """by: the id of the account that set it; empty when a release set it that did not keep it."""

    by: str = ""


class StoredPolicy(RegionPolicy):
    """The duty policy, with its deadlines and who set them."""

    deadlines: tuple[StoredDeadline, ...] = ()


class Region(Stored):
    """As it is stored. by: the id of the account that changed it last; empty as for a deadline."""

    code: str
    name: str
    zone: Zone
    catalogue: str
    policy: StoredPolicy
    by: str = ""

    def public(self) -> dict[str, Any]:
        """The fields that everybody may see."""
        return self.model_dump(
            exclude={"created_by_body": True, "by": True, "policy": {"deadlines": {"__all__": {"by"}}}}
        )

    def local(self, moment: datetime) -> datetime:
        """The moment in the region's time zone."""
        return moment.astimezone(ZoneInfo(self.zone.value))

    def today(self, moment: datetime) -> date:
        """The day in the region's time zone."""
        return self.local(moment).date()

    def deadline(self, year: int) -> StoredDeadline | None:
        """The deadline in force for the duty of `year`; None when the year has no duty."""
        revisions = [each for each in self.policy.deadlines if each.year == year]
        return max(revisions, key=lambda each: each.revision, default=None)


Change = tuple[Region, Draft] | None


def register(new: NewRegion, fingerprint: str, by: str, origin: Origin) -> tuple[Region, Draft]:
    """A new region without deadlines, with its event. by: the account's id, here and below."""
    region = Region(
        code=new.code,
        name=new.name,
        zone=new.zone,
        catalogue=new.catalogue,
        policy=StoredPolicy(**new.policy.model_dump()),
        created_by_body=fingerprint,
        by=by,
    )
    return region, _event(region, origin)


def revise(region: Region, terms: RegionTerms, by: str, origin: Origin) -> Change:
    """Change the terms; the deadlines stay. None when nothing differs."""
    policy = StoredPolicy(**terms.policy.model_dump(), deadlines=region.policy.deadlines)
    update = {"name": terms.name, "zone": terms.zone, "catalogue": terms.catalogue, "policy": policy}
    return _changed(region, region.model_copy(update=update), by, origin)


def set_deadline(region: Region, new: NewDeadline, by: str, origin: Origin) -> Change:
    """Add the next revision of a year's deadline. None when the one in force is equal. Raises Invalid for a day that is
    neither in the duty's year nor in the next: a typing error would make every agency overdue at once."""
    if not new.year <= new.date.year <= new.year + 1:
        raise Invalid([Flaw("date", "not-fitting", f"harus jatuh pada tahun {new.year} atau {new.year + 1}")])
    present = region.deadline(new.year)
    if present is not None and (present.date, present.basis) == (new.date, new.basis):
        return None
    deadline = StoredDeadline(
        year=new.year,
        revision=present.revision + 1 if present else 1,
        date=new.date,
        set_at=origin.time,
        basis=new.basis,
        by=by,
    )
    policy = region.policy.model_copy(update={"deadlines": (*region.policy.deadlines, deadline)})
    return _changed(region, region.model_copy(update={"policy": policy}), by, origin)


def _changed(before: Region, after: Region, by: str, origin: Origin) -> Change:
    return None if after == before else (after.model_copy(update={"by": by}), _event(after, origin))


def _event(region: Region, origin: Origin) -> Draft:
    public = region.public()
    policy = public.pop("policy")
    deadlines = policy.pop("deadlines")
    revision = PolicyRevision(**policy, revision=1, from_year=FIRST_YEAR)
    payload = RegionRegistered(**public, policies=(revision,), deadlines=deadlines)
    return draft(REGION_REGISTERED, payload, region.code, origin)
