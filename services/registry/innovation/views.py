"""The bodies of the registry's answers: for everybody, for the region, in lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from services.registry.agencies.agency import Agency
from services.registry.evidence.attachment import Attachment, EvidenceFile, ProfileDocument
from services.registry.evidence.evidence import Claim, Evidence, missing_mandatory
from services.registry.files.redaction import Redaction
from services.registry.innovation.history import HistoryEntry
from services.registry.innovation.innovation import Innovation, Placement, WithdrawalRequest, public_rows
from services.registry.innovation.profile import Coordinates, Profile
from services.registry.regions.policy import rules_of
from services.registry.regions.region import Region
from shared.contracts.continuation import ContinuationState
from shared.contracts.innovation import RowEvidence
from shared.contracts.region import Deadline, PolicyRevision
from shared.contracts.vocabulary import (
    AgencyKind,
    Classification,
    CountsWhen,
    Form,
    Initiator,
    InnovationStatus,
    Nature,
    ProgrammeCluster,
    Stage,
    Zone,
)
from shared.faults import Flaw
from shared.storage.models import assembled
from shared.storage.repository import Versioned


class VersionedAnswer(BaseModel):
    """sequence: the version of the document; in quotation marks it is the ETag."""

    model_config = ConfigDict(frozen=True)

    sequence: int


class DutyPolicy(BaseModel):
    """The duty policy that is in force for the region's current year, with the deadlines of all years."""

    model_config = ConfigDict(frozen=True)

    obliged_kinds: tuple[AgencyKind, ...] = ()
    minimum: int = 1
    minimum_by_kind: dict[AgencyKind, int] = Field(default_factory=dict)
    counts_when: CountsWhen = CountsWhen.SUBMITTED
    community_counts: bool = True
    mandatory_rows: bool = False
    deadlines: tuple[Deadline, ...]


class RegionAnswer(VersionedAnswer):
    """A region. policies: every revision of its duty policy; in force for a year is, of those whose `from_year` is not
    after it, the one with the greatest `from_year` and then the highest revision. Of each year's deadlines the highest
    revision is in force; when that one is cancelled, the year has no duty."""

    code: str
    name: str
    zone: Zone
    catalogue: str
    policy: DutyPolicy
    policies: tuple[PolicyRevision, ...]

    @classmethod
    def of(cls, versioned: Versioned[Region], moment: datetime) -> Self:
        """The view for everybody at that moment."""
        region = versioned.value
        public = region.public()
        present = region.policy(region.local(moment).year)
        rules = rules_of(present) if present else {}
        policy = DutyPolicy(**rules, deadlines=public.pop("deadlines"))
        return cls(sequence=versioned.sequence, policy=policy, **public)


class AgencyAnswer(VersionedAnswer):
    """An agency; retired_on: the first day on which it no longer exists; successor: the id of the agency that continues
    its work; parent: the id of the agency that it is part of."""

    id: str
    region: str
    name: str
    kind: AgencyKind
    obliged_from: int | None
    retired: bool
    retired_on: date | None
    successor: str | None
    parent: str | None

    @classmethod
    def of(cls, versioned: Versioned[Agency]) -> Self:
        """The view for everybody."""
        agency = versioned.value
        return cls(sequence=versioned.sequence, retired=agency.retired_on is not None, **agency.public())


class ProfileSummary(BaseModel):
    """The part of a profile that lists show; the operator sees it empty until the innovation is verified."""

    model_config = ConfigDict(frozen=True)

    name: str | None
    stage: Stage | None
    nature: Nature | None
    form: Form | None
    main_affair: str | None


class InnovationSummary(VersionedAnswer):
    """An innovation in a list, without anything private."""

    id: str
    region: str
    agency: str
    year: int
    status: InnovationStatus
    profile: ProfileSummary
    first_submitted_at: datetime | None
    submitted_at: datetime | None
    verified_at: datetime | None

    @classmethod
    def of(cls, versioned: Versioned[Innovation], *, with_profile: bool = True) -> Self:
        """The view in a list."""
        own = {"id", "region", "agency", "year", "status", "first_submitted_at", "submitted_at", "verified_at"}
        fields = set(ProfileSummary.model_fields)
        profile = versioned.value.profile.model_dump(include=fields) if with_profile else dict.fromkeys(fields)
        return cls(
            sequence=versioned.sequence, profile=ProfileSummary(**profile), **versioned.value.model_dump(include=own)
        )


class EvidenceAnswer(Claim):
    """A row with its files and the curator's level (None: not checked, or edited since)."""

    files: tuple[EvidenceFile, ...]
    verified_level: int | None

    @classmethod
    def of(cls, evidence: Evidence, verified_level: int | None) -> Self:
        """The view for the region."""
        return assembled(cls, **evidence.__dict__, verified_level=verified_level)


class InnovationAnswer(VersionedAnswer):
    """The whole innovation, for its agency and its region. assignments: every agency and year that it was ever assigned
    to; comments: of the last return, by row or `profile`; withdrawal: the agency's open request to withdraw it;
    missing_mandatory: the mandatory rows that are not filled in and proved, by number, with their names. The national
    round asks for all of them, and where the region's policy does so too, the innovation counts only with them."""

    id: str
    region: str
    agency: str
    year: int
    assignments: tuple[Placement, ...]
    status: InnovationStatus
    profile: Profile
    documents: dict[ProfileDocument, Attachment]
    evidence: dict[str, EvidenceAnswer]
    comments: dict[str, str]
    withdrawal: WithdrawalRequest | None
    missing_mandatory: dict[str, str]
    first_submitted_at: datetime | None
    submitted_at: datetime | None
    verified_at: datetime | None
    history: tuple[HistoryEntry, ...]
    continuation: ContinuationState | None
    redactions: tuple[Redaction, ...]

    @classmethod
    def of(cls, versioned: Versioned[Innovation]) -> Self:
        """The view for its region."""
        it = versioned.value
        return assembled(
            cls,
            sequence=versioned.sequence,
            id=it.id,
            region=it.region,
            agency=it.agency,
            year=it.year,
            assignments=it.assignments,
            status=it.status,
            profile=it.profile,
            documents=it.documents,
            evidence={row: EvidenceAnswer.of(each, it.verified_level(row)) for row, each in it.evidence.items()},
            comments=it.comments,
            withdrawal=it.withdrawal,
            missing_mandatory=missing_mandatory(it.evidence),
            first_submitted_at=it.first_submitted_at,
            submitted_at=it.submitted_at,
            verified_at=it.verified_at,
            history=it.history,
            continuation=it.continuation.public(),
            redactions=it.redactions,
        )


class BlockingFlaw(BaseModel):
    """What must be corrected first. field: a dotted path into the innovation; message: in Bahasa Indonesia."""

    field: str = Field(examples=["profile.design"])
    code: str = Field(examples=["too-few-words"])
    message: str = Field(examples=["rancang bangun paling sedikit 300 kata; kini 120 kata"])


class SubmissionCheck(VersionedAnswer):
    """What would block a submission of this version; missing_mandatory: as for the innovation, it does not block."""

    id: str
    flaws: tuple[BlockingFlaw, ...]
    missing_mandatory: dict[str, str]

    @classmethod
    def of(cls, versioned: Versioned[Innovation], flaws: Sequence[Flaw]) -> Self:
        """The view for its agency and its region."""
        return cls(
            sequence=versioned.sequence,
            id=versioned.id,
            flaws=tuple(BlockingFlaw(field=each.field, code=each.code, message=each.message) for each in flaws),
            missing_mandatory=missing_mandatory(versioned.value.evidence),
        )


class PublicProfile(BaseModel):
    """The profile without the initiator's name and the certificates' numbers."""

    model_config = ConfigDict(frozen=True)

    name: str | None
    stage: Stage | None
    initiator: Initiator | None
    classification: Classification | None
    coordinates: Coordinates | None
    nature: Nature | None
    form: Form | None
    asta_cita: tuple[int, ...]
    cluster: ProgrammeCluster | None
    programme: str | None
    main_affair: str | None
    related_affairs: tuple[str, ...]
    trial_on: date | None
    applied_on: date | None
    developed: bool | None
    developed_on: date | None
    design: str | None
    purpose: str | None
    benefit: str | None
    outcome: str | None

    @classmethod
    def of(cls, profile: Profile) -> Self:
        """The view for everybody."""
        return cls(**profile.model_dump(include=set(cls.model_fields)))


class PublicInnovation(VersionedAnswer):
    """A verified innovation for everybody: without comments, history, letters, links and files."""

    id: str
    region: str
    agency: str
    year: int
    status: InnovationStatus
    profile: PublicProfile
    evidence: tuple[RowEvidence, ...]
    first_submitted_at: datetime | None
    submitted_at: datetime | None
    verified_at: datetime | None
    continuation: ContinuationState | None

    @classmethod
    def of(cls, versioned: Versioned[Innovation]) -> Self:
        """The view for everybody."""
        it = versioned.value
        return cls(
            sequence=versioned.sequence,
            id=it.id,
            region=it.region,
            agency=it.agency,
            year=it.year,
            status=it.status,
            profile=PublicProfile.of(it.profile),
            evidence=public_rows(it),
            first_submitted_at=it.first_submitted_at,
            submitted_at=it.submitted_at,
            verified_at=it.verified_at,
            continuation=it.continuation.public(),
        )


class Regions(BaseModel):
    """A page of regions."""

    items: list[RegionAnswer]
    next: str | None


class Agencies(BaseModel):
    """A page of agencies."""

    items: list[AgencyAnswer]
    next: str | None


class Innovations(BaseModel):
    """A page of innovations."""

    items: list[InnovationSummary]
    next: str | None
