"""The duty policy of a region by year: which agencies owe how many innovations, and what counts.

A change is a new revision with the year from which it holds, its decree and its author. Which revision is in force for
a year: `shared.contracts.region.policy_in_force`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.registry.fields import Reference
from shared.contracts.fields import Year
from shared.contracts.region import FIRST_YEAR, PolicyRevision, policy_in_force
from shared.contracts.vocabulary import AgencyKind, CountsWhen

Minimum = Annotated[int, Field(ge=1, le=100)]


class StoredPolicy(PolicyRevision):
    """by: the id of the account that set it; empty when a release set it that did not keep it."""

    by: str = ""


Policies = tuple[StoredPolicy, ...]


def _left_out(value: object) -> bool:
    return value is None


class PolicyTerms(BaseModel):
    """Which kinds of agencies owe how many innovations a year, and what counts. Deadlines are set separately.

    minimum_by_kind: instead of `minimum`, for these kinds; community_counts: whether an innovation of the community
    counts for the agency that fosters it; mandatory_rows: whether only innovations count whose mandatory rows are all
    filled in. minimum_by_kind and mandatory_rows stay as they are when they are left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    obliged_kinds: tuple[AgencyKind, ...] = Field(max_length=len(AgencyKind))
    minimum: Minimum = 1
    counts_when: CountsWhen = CountsWhen.SUBMITTED
    community_counts: bool = True
    # exclude_if: a repeat of a request is known by its whole body, and former releases had no such fields.
    minimum_by_kind: dict[AgencyKind, Minimum] | None = Field(default=None, exclude_if=_left_out)
    mandatory_rows: bool | None = Field(default=None, exclude_if=_left_out)

    @field_validator("obliged_kinds")
    @classmethod
    def _each_once(cls, kinds: tuple[AgencyKind, ...]) -> tuple[AgencyKind, ...]:
        return tuple(dict.fromkeys(kinds))


class RegionPolicy(PolicyTerms):
    """The policy in a region's terms. from_year: the first year for which it holds, by default the region's current
    year (of a new region: every year); decree: the number of the decree that sets it."""

    from_year: Year | None = Field(default=None, exclude_if=_left_out)
    decree: Reference | None = Field(default=None, exclude_if=_left_out)


class NewPolicy(PolicyTerms):
    """A further revision of the policy. from_year: the first year for which it holds, which may be past; decree: the
    number of the decree that sets it."""

    from_year: Year
    decree: Reference


def first_policy(terms: RegionPolicy, by: str, at: datetime) -> StoredPolicy:
    """Revision 1, of a new region."""
    return _revision(
        (), terms, FIRST_YEAR if terms.from_year is None else terms.from_year, terms.decree or "", by=by, at=at
    )


def revised(policies: Policies, terms: RegionPolicy, year: int, by: str, at: datetime) -> Policies:
    """The revisions after a change of a region's terms; the same ones when the policy in force says so already. year:
    the region's current year."""
    from_year = year if terms.from_year is None else terms.from_year
    present = policy_in_force(policies, from_year)
    after = _revision(policies, terms, from_year, terms.decree or "", by=by, at=at)
    if present is not None and _same_rules(present, after) and terms.decree in {None, present.decree}:
        return policies
    return (*policies, after)


def added(policies: Policies, new: NewPolicy, by: str, at: datetime) -> Policies:
    """The revisions with one more; the same ones when the revision in force for its first year is equal to it."""
    present = policy_in_force(policies, new.from_year)
    after = _revision(policies, new, new.from_year, new.decree, by=by, at=at)
    equal = present is not None and _same_rules(present, after)
    if present is not None and equal and (present.from_year, present.decree) == (new.from_year, new.decree):
        return policies
    return (*policies, after)


def _revision(
    policies: Policies, terms: PolicyTerms, from_year: int, decree: str, *, by: str, at: datetime
) -> StoredPolicy:
    present = policy_in_force(policies, from_year)
    by_kind, rows = terms.minimum_by_kind, terms.mandatory_rows
    if by_kind is None:
        by_kind = present.minimum_by_kind if present else {}
    if rows is None:
        rows = present.mandatory_rows if present else False
    return StoredPolicy(
        revision=max((each.revision for each in policies), default=0) + 1,
        from_year=from_year,
        obliged_kinds=terms.obliged_kinds,
        minimum=terms.minimum,
        minimum_by_kind=by_kind,
        counts_when=terms.counts_when,
        community_counts=terms.community_counts,
        mandatory_rows=rows,
        decree=decree,
        set_at=at,
        by=by,
    )


_RULES = set(PolicyTerms.model_fields)


def rules_of(policy: PolicyRevision) -> dict[str, Any]:
    """What the policy says, without its revision, decree and author."""
    return policy.model_dump(include=_RULES)


def _same_rules(one: PolicyRevision, other: PolicyRevision) -> bool:
    return rules_of(one) == rules_of(other)
