"""The facts that one obligation rests on: for each input the public fields and the sequence that were used.

Of each input the newer is kept, so that the order and the number of arrivals do not matter.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from services.notifications.obligations.deadlines import in_force
from shared.contracts.innovation import InnovationDrafted, InnovationState
from shared.contracts.region import Deadline, RegionRegistered
from shared.contracts.vocabulary import AgencyKind, Classification, CountsWhen, InnovationStatus, Zone


class Fact(BaseModel):
    """The root of every fact. heard: the sequence of the document that it was taken from."""

    model_config = ConfigDict(frozen=True)

    heard: int


F = TypeVar("F", bound=Fact)


class RegionFact(Fact):
    """The part of a region's duty policy that speaks of one year."""

    code: str
    zone: Zone
    obliged_kinds: tuple[AgencyKind, ...]
    minimum: int
    counts_when: CountsWhen
    community_counts: bool
    deadline: Deadline | None

    @classmethod
    def of(cls, region: RegionRegistered, year: int, heard: int) -> RegionFact:
        """What the region says about `year`."""
        policy = region.policy
        return cls(
            heard=heard,
            code=region.code,
            zone=region.zone,
            obliged_kinds=policy.obliged_kinds,
            minimum=policy.minimum,
            counts_when=policy.counts_when,
            community_counts=policy.community_counts,
            deadline=in_force(policy.deadlines, year),
        )


class AgencyFact(Fact):
    """What an agency is. Its name is not needed to judge."""

    region: str
    kind: AgencyKind
    retired: bool
    retired_on: date | None
    obliged_from: int | None


class InnovationFact(Fact):
    """An innovation that is, or ever was, assigned to this agency and year. here: it is assigned here now; community:
    its classification says that it comes from the community."""

    id: str
    here: bool
    status: InnovationStatus
    community: bool = False
    first_submitted_at: datetime | None = None
    verified_at: datetime | None = None

    @classmethod
    def of(cls, innovation: InnovationState | InnovationDrafted, *, here: bool, heard: int) -> InnovationFact:
        """What one event says, seen from one of its assignments."""
        if isinstance(innovation, InnovationDrafted):
            return cls(heard=heard, id=innovation.id, here=here, status=innovation.status)
        return cls(
            heard=heard,
            id=innovation.id,
            here=here,
            status=innovation.status,
            community=innovation.classification is Classification.MASYARAKAT,
            first_submitted_at=innovation.first_submitted_at,
            verified_at=innovation.verified_at,
        )


class ExemptionFact(Fact):
    """Whether a decree exempts the agency for the year; a lifted exemption has `stands` false."""

    stands: bool


class Facts(BaseModel):
    """All that is known about one agency's duty for one year; None: not known yet."""

    model_config = ConfigDict(frozen=True)

    agency_id: str
    year: int
    agency: AgencyFact | None = None
    region: RegionFact | None = None
    exemption: ExemptionFact | None = None
    innovations: tuple[InnovationFact, ...] = ()

    def learn(
        self,
        *,
        agency: AgencyFact | None = None,
        region: RegionFact | None = None,
        exemption: ExemptionFact | None = None,
        innovation: InnovationFact | None = None,
    ) -> Facts:
        """These facts with the newer of each. A region's fact is kept only while the agency belongs to that region."""
        newest_agency = _newer(self.agency, agency)
        belongs = newest_agency.region if newest_agency else None
        mine = self.region if self.region and self.region.code == belongs else None
        told = region if region and region.code == belongs else None
        return self.model_copy(
            update={
                "agency": newest_agency,
                "region": _newer(mine, told),
                "exemption": _newer(self.exemption, exemption),
                "innovations": _with(self.innovations, innovation) if innovation else self.innovations,
            }
        )


def _newer(mine: F | None, told: F | None) -> F | None:
    if mine is None or told is None:
        return mine or told
    return told if told.heard > mine.heard else mine


def _with(mine: tuple[InnovationFact, ...], told: InnovationFact) -> tuple[InnovationFact, ...]:
    known = {fact.id: fact for fact in mine}
    known[told.id] = _newer(known.get(told.id), told) or told
    return tuple(known[id] for id in sorted(known))
