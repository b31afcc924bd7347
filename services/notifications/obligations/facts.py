"""The facts that an obligation is derived from: for each input the public fields used and their sequence.

The newest of each input is kept, so that events may arrive in any order and more than once.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from pydantic import Field

from services.notifications.state import DocumentState
from shared.contracts.fields import LocalHour
from shared.contracts.region import Deadline, RegionRegistered, deadline_in_force, policy_in_force
from shared.contracts.vocabulary import AgencyKind, CountsWhen, InnovationStatus, Zone


class Fact(DocumentState):
    """The base of every fact. sequence: of the owner's document that it was taken from (stored as `heard`)."""

    sequence: int = Field(validation_alias="heard", serialization_alias="heard")


F = TypeVar("F", bound=Fact)


class RegionFact(Fact):
    """The part of a region's duty policy that applies to one year. deadline: in force, also a cancelled one; previous,
    previous_hour: those of the revision before it, None: it is the first."""

    code: str
    zone: Zone
    obliged_kinds: tuple[AgencyKind, ...]
    minimum: int
    counts_when: CountsWhen
    community_counts: bool
    deadline: Deadline | None
    minimum_by_kind: dict[AgencyKind, int] = Field(default_factory=dict)
    mandatory_rows: bool = False
    previous: date | None = None
    previous_hour: LocalHour | None = None

    @classmethod
    def of(cls, region: RegionRegistered, year: int, sequence: int) -> RegionFact:
        """The fact for `year`."""
        policy = policy_in_force(region.policies, year)
        deadline = deadline_in_force(region.deadlines, year)
        former = [each for each in region.deadlines if deadline and each.revision < deadline.revision]
        previous = deadline_in_force(former, year)
        return cls(
            sequence=sequence,
            code=region.code,
            zone=region.zone,
            obliged_kinds=policy.obliged_kinds if policy else (),
            minimum=policy.minimum if policy else 1,
            counts_when=policy.counts_when if policy else CountsWhen.SUBMITTED,
            community_counts=policy.community_counts if policy else True,
            deadline=deadline,
            minimum_by_kind=policy.minimum_by_kind if policy else {},
            mandatory_rows=policy.mandatory_rows if policy else False,
            previous=previous.date if previous else None,
            previous_hour=previous.hour if previous else None,
        )

    def minimum_of(self, kind: AgencyKind) -> int:
        """How many innovations an agency of this kind owes."""
        return self.minimum_by_kind.get(kind, self.minimum)


class AgencyFact(Fact):
    """The fields of an agency that decide about its obligations."""

    region: str
    kind: AgencyKind
    retired: bool
    retired_on: date | None
    obliged_from: int | None


class InnovationFact(Fact):
    """An innovation as releases before 0.2 kept it in the obligation. here: whether it is assigned here now; community:
    whether its classification says that it comes from the community."""

    id: str
    here: bool
    status: InnovationStatus
    community: bool = False
    first_submitted_at: datetime | None = None
    verified_at: datetime | None = None


class ExemptionFact(Fact):
    """Whether a decree exempts the agency for the year; false for a lifted exemption (stored as `stands`). lifts: how
    many times one was lifted; lifted_at: the last time."""

    in_force: bool = Field(validation_alias="stands", serialization_alias="stands")
    lifts: int = 0
    lifted_at: datetime | None = None


class PassedFact(Fact):
    """What the registry found when the deadline of this revision had passed. missing: of the innovations that it names
    for this agency, those that are not among the entries with a first submission. sequence 0: an earlier release had
    found the duty overdue, which counts as heard."""

    revision: int
    missing: tuple[str, ...] = ()


class Facts(DocumentState):
    """What is known about one agency's obligation for one year, besides its entries; None: not known yet. innovations:
    what releases before 0.2 kept here instead of entries; empty once they are entries. passed: only of duties that
    are not fulfilled."""

    agency_id: str
    year: int
    agency: AgencyFact | None = None
    region: RegionFact | None = None
    exemption: ExemptionFact | None = None
    innovations: tuple[InnovationFact, ...] = ()
    passed: PassedFact | None = None

    def updated(
        self,
        *,
        agency: AgencyFact | None = None,
        region: RegionFact | None = None,
        exemption: ExemptionFact | None = None,
        passed: PassedFact | None = None,
    ) -> Facts:
        """These facts with the newer of each. A region's fact is kept only while the agency belongs to that region."""
        newest_agency = _newer(self.agency, agency)
        code = newest_agency.region if newest_agency else None
        known_region = self.region if self.region and self.region.code == code else None
        new_region = region if region and region.code == code else None
        return self.model_copy(
            update={
                "agency": newest_agency,
                "region": _newer(known_region, new_region),
                "exemption": _newer(self.exemption, exemption),
                "passed": _of_higher_revision(self.passed, passed),
            }
        )

    def without_passed(self) -> Facts:
        """The facts of a duty that is not unfulfilled: it is not told of newer versions of what the registry found, so
        it asks when it opens again. What an earlier release had found overdue stays proven."""
        former = self.passed is not None and self.passed.sequence == 0
        return self if self.passed is None or former else self.model_copy(update={"passed": None})


def _of_higher_revision(known: PassedFact | None, new: PassedFact | None) -> PassedFact | None:
    """The one about the higher revision of the deadline; revisions only rise."""
    if known is None or new is None or known.revision == new.revision:
        return _newer(known, new)
    return max(known, new, key=lambda each: each.revision)


def _newer(known: F | None, new: F | None) -> F | None:
    """The newer one; of two of the same sequence the new one, which this release made."""
    if known is None or new is None:
        return known or new
    return new if new.sequence >= known.sequence else known
