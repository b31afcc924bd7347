"""A regional government, its duty policy by year and the history of its deadlines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.registry.regions import deadline as deadlines
from services.registry.regions import policy as policies
from services.registry.regions.deadline import Cancellation, NewDeadline, StoredDeadline
from services.registry.regions.policy import NewPolicy, RegionPolicy, StoredPolicy
from shared.contracts.contract import Origin, draft
from shared.contracts.event import Draft
from shared.contracts.fields import Name, RegionCode
from shared.contracts.region import REGION_REGISTERED, PolicyRevision, RegionRegistered, policy_in_force
from shared.contracts.vocabulary import Zone
from shared.storage.stored import Stored

CatalogueName = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}\.[0-9]{1,3}$")]
"""The indicator catalogue's `year.revision`."""


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


class Region(Stored):
    """As it is stored. policies, deadlines: every revision; by: the id of the account that changed it last, empty for a
    change by a release that did not keep it."""

    code: str
    name: str
    zone: Zone
    catalogue: str
    policies: tuple[StoredPolicy, ...]
    deadlines: tuple[StoredDeadline, ...] = ()
    by: str = ""

    def public(self) -> dict[str, Any]:
        """The fields that everybody may see."""
        revisions = {"__all__": {"by"}}
        return self.model_dump(
            exclude={"created_by_body": True, "by": True, "policies": revisions, "deadlines": revisions}
        )

    def local(self, moment: datetime) -> datetime:
        """The moment in the region's time zone."""
        return moment.astimezone(ZoneInfo(self.zone.value))

    def today(self, moment: datetime) -> date:
        """The day in the region's time zone."""
        return self.local(moment).date()

    def deadline(self, year: int) -> StoredDeadline | None:
        """The deadline in force for the duty of `year`; None when the year has no duty."""
        return deadlines.in_force(self.deadlines, year)

    def policy(self, year: int) -> PolicyRevision | None:
        """The policy in force for the duty of `year`; None when nobody is obliged yet."""
        return policy_in_force(self.policies, year)

    def with_terms(self, terms: RegionTerms, by: str, at: datetime) -> Self:
        """A copy with these terms."""
        revised = policies.revised(self.policies, terms.policy, self.local(at).year, by, at)
        update = {"name": terms.name, "zone": terms.zone, "catalogue": terms.catalogue, "policies": revised}
        return self.model_copy(update=update)


Change = tuple[Region, Draft] | None


def register(new: NewRegion, fingerprint: str, by: str, origin: Origin) -> tuple[Region, Draft]:
    """A new region without deadlines, with its event. by: the account's id, here and below."""
    region = Region(
        code=new.code,
        name=new.name,
        zone=new.zone,
        catalogue=new.catalogue,
        policies=(policies.first_policy(new.policy, by, origin.time),),
        created_by_body=fingerprint,
        by=by,
    )
    return region, _event(region, origin)


def revise(region: Region, terms: RegionTerms, by: str, origin: Origin) -> Change:
    """Change the terms; the deadlines stay, and another policy is its next revision. None when nothing differs."""
    return _changed(region, region.with_terms(terms, by, origin.time), by, origin)


def add_policy(region: Region, new: NewPolicy, by: str, origin: Origin) -> Change:
    """Add a revision of the duty policy. None when the one in force is equal."""
    after = policies.added(region.policies, new, by, origin.time)
    return _changed(region, region.model_copy(update={"policies": after}), by, origin)


def set_deadline(region: Region, new: NewDeadline, by: str, origin: Origin) -> Change:
    """Set, move or correct a year's deadline. None when the one in force is equal. Raises Invalid."""
    after = deadlines.with_deadline(region.deadlines, new, by, origin.time)
    return _changed(region, region.model_copy(update={"deadlines": after}), by, origin)


def cancel_deadline(region: Region, year: int, cancellation: Cancellation, by: str, origin: Origin) -> Change:
    """Cancel a year's deadline: the year has no duty any more. Raises Conflict when none is in force."""
    after = deadlines.with_cancellation(region.deadlines, year, cancellation.basis, by, origin.time)
    return _changed(region, region.model_copy(update={"deadlines": after}), by, origin)


def _changed(before: Region, after: Region, by: str, origin: Origin) -> Change:
    return None if after == before else (after.model_copy(update={"by": by}), _event(after, origin))


def _event(region: Region, origin: Origin) -> Draft:
    return draft(REGION_REGISTERED, RegionRegistered(**region.public()), region.code, origin)
