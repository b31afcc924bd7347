"""The facts that an obligation is derived from: for each input the public fields used and their sequence.

The newest of each input is kept, so that events may arrive in any order and more than once.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from pydantic import Field

from services.notifications.state import DocumentState
from shared.contracts.innovation import InnovationDrafted, InnovationState
from shared.contracts.region import Deadline, RegionRegistered, deadline_in_force, policy_in_force
from shared.contracts.vocabulary import AgencyKind, Classification, CountsWhen, InnovationStatus, Zone


class Fact(DocumentState):
    """The base of every fact. sequence: of the owner's document that it was taken from (stored as `heard`)."""

    sequence: int = Field(validation_alias="heard", serialization_alias="heard")


F = TypeVar("F", bound=Fact)


class RegionFact(Fact):
    """The part of a region's duty policy that applies to one year."""

    code: str
    zone: Zone
    obliged_kinds: tuple[AgencyKind, ...]
    minimum: int
    counts_when: CountsWhen
    community_counts: bool
    deadline: Deadline | None

    @classmethod
    def of(cls, region: RegionRegistered, year: int, sequence: int) -> RegionFact:
        """The fact for `year`."""
        policy = policy_in_force(region.policies, year)
        return cls(
            sequence=sequence,
            code=region.code,
            zone=region.zone,
            obliged_kinds=policy.obliged_kinds if policy else (),
            minimum=policy.minimum if policy else 1,
            counts_when=policy.counts_when if policy else CountsWhen.SUBMITTED,
            community_counts=policy.community_counts if policy else True,
            deadline=deadline_in_force(region.deadlines, year),
        )


class AgencyFact(Fact):
    """The fields of an agency that decide about its obligations."""

    region: str
    kind: AgencyKind
    retired: bool
    retired_on: date | None
    obliged_from: int | None


class InnovationFact(Fact):
    """An innovation that is, or ever was, assigned to this agency and year. here: whether it is assigned here now;
    community: whether its classification says that it comes from the community."""

    id: str
    here: bool
    status: InnovationStatus
    community: bool = False
    first_submitted_at: datetime | None = None
    verified_at: datetime | None = None

    @classmethod
    def of(cls, innovation: InnovationState | InnovationDrafted, *, here: bool, sequence: int) -> InnovationFact:
        """The fact that an event carries for one of its assignments."""
        if isinstance(innovation, InnovationDrafted):
            return cls(sequence=sequence, id=innovation.id, here=here, status=innovation.status)
        return cls(
            sequence=sequence,
            id=innovation.id,
            here=here,
            status=innovation.status,
            community=innovation.classification is Classification.MASYARAKAT,
            first_submitted_at=innovation.first_submitted_at,
            verified_at=innovation.verified_at,
        )


class ExemptionFact(Fact):
    """Whether a decree exempts the agency for the year; false for a lifted exemption (stored as `stands`)."""

    in_force: bool = Field(validation_alias="stands", serialization_alias="stands")


class Facts(DocumentState):
    """Everything known about one agency's obligation for one year; None: not known yet."""

    agency_id: str
    year: int
    agency: AgencyFact | None = None
    region: RegionFact | None = None
    exemption: ExemptionFact | None = None
    innovations: tuple[InnovationFact, ...] = ()

    def updated(
        self,
        *,
        agency: AgencyFact | None = None,
        region: RegionFact | None = None,
        exemption: ExemptionFact | None = None,
        innovation: InnovationFact | None = None,
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
                "innovations": _with(self.innovations, innovation) if innovation else self.innovations,
            }
        )


def _newer(known: F | None, new: F | None) -> F | None:
    if known is None or new is None:
        return known or new
    return new if new.sequence > known.sequence else known


def _with(known: tuple[InnovationFact, ...], new: InnovationFact) -> tuple[InnovationFact, ...]:
    by_id = {fact.id: fact for fact in known}
    by_id[new.id] = _newer(by_id.get(new.id), new) or new
    return tuple(by_id[id] for id in sorted(by_id))
