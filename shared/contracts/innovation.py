"""The events about an innovation. Each carries its whole public state: no names of persons, no comments, no file
names."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from shared.contracts.continuation import ContinuationState
from shared.contracts.contract import Contract, Exact, Payload
from shared.contracts.vocabulary import (
    Classification,
    Form,
    Initiator,
    InnovationStatus,
    Nature,
    ProgrammeCluster,
    Stage,
)


class Assignment(Payload):
    """An agency and year that the innovation is or was assigned to; exactly one assignment is present."""

    agency: str
    year: int
    present: bool


class RowEvidence(Payload):
    """The claim and the evidence for one indicator row of the catalogue.

    row: the number in the joint list (16…35 in 2026); level: claimed, 1…3; value, unit, basis: a measured value
    decides the level; dated: of the newest letter; dates: of the letters of its files, ascending; proofs: how many
    files and links, 1 where they stayed with the office that brought the innovation in from a table; verified_level:
    the curator's, 0…3 (None: not reviewed yet).
    """

    row: str
    level: int | None = Field(default=None, ge=1, le=3)
    value: Exact | None = None
    unit: str | None = None
    basis: str | None = None
    dated: date | None = None
    dates: tuple[date, ...] = ()
    proofs: int = Field(default=0, ge=0)
    verified_level: int | None = Field(default=None, ge=0, le=3)


class WithdrawalStep(StrEnum):
    """ASKED: the agency waits for the curator; TAKEN_BACK: it asks no more; DECLINED: the curator keeps the innovation;
    DECIDED: the curator has withdrawn it, asked or not."""

    ASKED = "asked"
    TAKEN_BACK = "taken-back"
    DECLINED = "declined"
    DECIDED = "decided"


class WithdrawalState(Payload):
    """What became of the last request to withdraw an innovation, or of the curator's own decision. number: counts
    requests, and decisions without one; since: business time of the last step. Reasons are private."""

    number: int = Field(ge=1)
    step: WithdrawalStep
    since: datetime


class InnovationState(Payload):
    """agency and year: the present assignment; assignments: all, with the former ones; turn: how many status changes
    and reassignments its history has (0: published by a release that did not count them); status_since: when the
    present turn began; imported: it was brought in from a table, with its decisions; continuation: its way from idea to
    continued use, None: nothing of it is recorded; withdrawal_asked: its agency asks the curator to withdraw it;
    withdrawal: the last request, or the curator's decision, None: there never was one."""

    id: str
    region: str
    agency: str
    year: int
    assignments: tuple[Assignment, ...]
    status: InnovationStatus
    name: str
    stage: Stage
    initiator: Initiator
    classification: Classification
    nature: Nature
    form: Form
    main_affair: str
    related_affairs: tuple[str, ...] = ()
    asta_cita: tuple[int, ...] = ()
    cluster: ProgrammeCluster | None = None
    trial_on: date | None = None
    applied_on: date | None = None
    developed_on: date | None = None
    first_submitted_at: datetime
    submitted_at: datetime
    verified_at: datetime | None = None
    evidence: tuple[RowEvidence, ...] = ()
    turn: int = Field(default=0, ge=0)
    status_since: datetime | None = None
    imported: bool = False
    continuation: ContinuationState | None = None
    withdrawal_asked: bool = False
    withdrawal: WithdrawalState | None = None


class InnovationDrafted(Payload):
    """A draft. It counts nowhere; it shows that an agency has begun. status: `draft`, or `withdrawn` of one that was
    deleted; turn, status_since, continuation: as in InnovationState."""

    id: str
    region: str
    agency: str
    year: int
    assignments: tuple[Assignment, ...]
    status: InnovationStatus = InnovationStatus.DRAFT
    turn: int = Field(default=0, ge=0)
    status_since: datetime | None = None
    continuation: ContinuationState | None = None


INNOVATION_DRAFTED = Contract(
    type="innovation.drafted",
    subject="innovation",
    source="registry",
    payload=InnovationDrafted,
    means="A draft exists, or was deleted: its id, agency and year, and at which stage it is; no text.",
)


class InnovationSubmitted(InnovationState):
    """An agency submitted an innovation, for the first time or again."""


INNOVATION_SUBMITTED = Contract(
    type="innovation.submitted",
    subject="innovation",
    source="registry",
    payload=InnovationSubmitted,
    means="An agency submitted an innovation, for the first time or again.",
)


class InnovationReturned(InnovationState):
    """The curator returned it for correction; it does not count until it is submitted again."""


INNOVATION_RETURNED = Contract(
    type="innovation.returned",
    subject="innovation",
    source="registry",
    payload=InnovationReturned,
    means="The curator returned it for correction; it does not count until it is submitted again.",
)


class InnovationVerified(InnovationState):
    """The curator verified it, row by row."""


INNOVATION_VERIFIED = Contract(
    type="innovation.verified",
    subject="innovation",
    source="registry",
    payload=InnovationVerified,
    means="The curator verified it, row by row.",
)


class InnovationWithdrawn(InnovationState):
    """The agency or the curator withdrew it; it never counts again."""


INNOVATION_WITHDRAWN = Contract(
    type="innovation.withdrawn",
    subject="innovation",
    source="registry",
    payload=InnovationWithdrawn,
    means="The agency or the curator withdrew it; it never counts again.",
)
