"""An innovation with its scorecard, as pages see it, and what can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from shared.contracts.continuation import ContinuationState, Use
from shared.contracts.innovation import WithdrawalStep
from shared.contracts.vocabulary import (
    Classification,
    Form,
    Initiator,
    InnovationStatus,
    Nature,
    ProgrammeCluster,
    Stage,
)


@dataclass(frozen=True)
class RowScore:
    """An indicator row of a scorecard. level, verified_level: 0…3; points = weight × level."""

    row: str
    level: int
    points: Decimal
    verified_level: int
    verified_points: Decimal


@dataclass(frozen=True)
class Card:
    """A scorecard. claimed, verified, provable: maturity in points of `most` (provable None: not known); catalogue:
    `2026.1`; eligible: whether the national round takes it by its age (None: unknown); rows: empty in lists;
    missing_mandatory: the numbers of mandatory rows that are empty; faults: how many rows contradict themselves;
    up_to_date: whether it was made of the innovation's version that is shown beside it; sequence: the scorecard's
    version."""

    catalogue: str
    claimed: Decimal
    verified: Decimal
    provable: Decimal | None
    most: Decimal
    eligible: bool | None
    rows: tuple[RowScore, ...]
    missing_mandatory: tuple[str, ...]
    faults: int
    up_to_date: bool
    sequence: int


@dataclass(frozen=True)
class InnovationView:
    """agency_name: empty while the agency is not known; name and all that follows `stage`: empty or None of a draft,
    whose text only the registry has; waiting_since: of a submitted one, when it was submitted last; card: None until it
    is scored; sequence: the innovation's version (its ETag)."""

    id: str
    region: str
    agency: str
    agency_name: str
    year: int
    status: InnovationStatus
    name: str
    stage: Stage | None
    initiator: Initiator | None
    classification: Classification | None
    nature: Nature | None
    form: Form | None
    main_affair: str
    related_affairs: tuple[str, ...]
    asta_cita: tuple[int, ...]
    cluster: ProgrammeCluster | None
    trial_on: date | None
    applied_on: date | None
    developed_on: date | None
    first_submitted_at: datetime | None
    submitted_at: datetime | None
    verified_at: datetime | None
    status_since: datetime | None
    turn: int
    imported: bool
    withdrawal_asked: bool
    withdrawal_step: WithdrawalStep | None
    continuation: ContinuationState | None
    card: Card | None
    sequence: int

    @property
    def pipeline(self) -> str | None:
        """The region's way of development on which it is, by slug."""
        return self.continuation.pipeline if self.continuation else None

    @property
    def pipeline_stage(self) -> str | None:
        """The stage of that way, by slug."""
        return self.continuation.stage if self.continuation else None

    @property
    def stage_since(self) -> datetime | None:
        """Since when it is at that stage."""
        return self.continuation.stage_since if self.continuation else None

    @property
    def use(self) -> Use | None:
        """Whether it is in use; None: nothing is recorded."""
        return self.continuation.use if self.continuation else None

    @property
    def follow_up_on(self) -> date | None:
        """The local day on which it is asked whether it is still in use."""
        return self.continuation.follow_up_on if self.continuation else None

    @property
    def follow_up_until(self) -> date | None:
        """The last local day to answer that."""
        return self.continuation.follow_up_until if self.continuation else None

    @property
    def public(self) -> bool:
        """Whether everybody may see it."""
        return self.status is InnovationStatus.VERIFIED

    @property
    def waiting_since(self) -> datetime | None:
        """Since when it waits for the curator; None: it does not."""
        return self.submitted_at if self.status is InnovationStatus.SUBMITTED else None

    @property
    def claimed(self) -> Decimal | None:
        """Claimed maturity in points; None until it is scored."""
        return self.card.claimed if self.card else None

    @property
    def verified(self) -> Decimal | None:
        """Verified maturity in points; None until it is scored."""
        return self.card.verified if self.card else None

    @property
    def most(self) -> Decimal | None:
        """The most points that there are; None until it is scored."""
        return self.card.most if self.card else None

    @property
    def missing_mandatory(self) -> tuple[str, ...]:
        """The numbers of the mandatory rows that are empty."""
        return self.card.missing_mandatory if self.card else ()


class InnovationOrder(StrEnum):
    """NEWEST, OLDEST: by the day of the present status (of a submitted one: of its last submission); STAGE: the longest
    at its stage of development first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    STAGE = "stage"


@dataclass(frozen=True)
class InnovationQuery:
    """Which innovations of a region or an agency; None: any. statuses: none named: all, also withdrawn ones;
    withdrawal_asked: only those of the region whose agency asks to withdraw them; pipeline, pipeline_stage, use: of the
    continuation."""

    region: str | None = None
    agency: str | None = None
    year: int | None = None
    statuses: tuple[InnovationStatus, ...] = ()
    withdrawal_asked: bool = False
    pipeline: str | None = None
    pipeline_stage: str | None = None
    use: Use | None = None
    order: InnovationOrder = InnovationOrder.NEWEST


class CatalogueOrder(StrEnum):
    """NEWEST: verified last first; NAME: by name; POINTS: the best verified maturity first."""

    NEWEST = "newest"
    NAME = "name"
    POINTS = "points"


@dataclass(frozen=True)
class SearchQuery:
    """Verified innovations, for everybody. text: words, each of which must begin a word of the name or of the agency's
    name, in any order and letter case, without diacritics; empty: all; the other fields: None: any. order: of what is
    found without a text; by a text they come in the order of the words found."""

    text: str = ""
    region: str | None = None
    agency: str | None = None
    year: int | None = None
    stage: Stage | None = None
    form: Form | None = None
    nature: Nature | None = None
    main_affair: str | None = None
    order: CatalogueOrder = CatalogueOrder.NEWEST
