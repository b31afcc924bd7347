"""The fields of the larger events that the read model keeps."""

from __future__ import annotations

from datetime import date, datetime

from shared.contracts.continuation import ContinuationState
from shared.contracts.contract import Exact, Payload
from shared.contracts.innovation import Assignment, WithdrawalState
from shared.contracts.scorecard import ScoredFault, ScoredRow
from shared.contracts.vocabulary import (
    Classification,
    Form,
    Initiator,
    InnovationStatus,
    Nature,
    ProgrammeCluster,
    Stage,
)


class InnovationBrief(Payload):
    """An innovation without its evidence. All that a draft does not have may be absent; see `InnovationState`."""

    id: str
    region: str
    agency: str
    year: int
    assignments: tuple[Assignment, ...]
    status: InnovationStatus = InnovationStatus.DRAFT
    name: str = ""
    stage: Stage | None = None
    initiator: Initiator | None = None
    classification: Classification | None = None
    nature: Nature | None = None
    form: Form | None = None
    main_affair: str = ""
    related_affairs: tuple[str, ...] = ()
    asta_cita: tuple[int, ...] = ()
    cluster: ProgrammeCluster | None = None
    trial_on: date | None = None
    applied_on: date | None = None
    developed_on: date | None = None
    first_submitted_at: datetime | None = None
    submitted_at: datetime | None = None
    verified_at: datetime | None = None
    turn: int = 0
    status_since: datetime | None = None
    imported: bool = False
    continuation: ContinuationState | None = None
    withdrawal_asked: bool = False
    withdrawal: WithdrawalState | None = None


class CardBrief(Payload):
    """A scorecard; see `InnovationScored`."""

    innovation: str
    innovation_sequence: int
    region: str
    agency: str
    year: int
    status: InnovationStatus
    catalogue: str
    claimed: Exact
    verified: Exact
    provable: Exact | None = None
    most: Exact
    eligible: bool | None = None
    rows: tuple[ScoredRow, ...]
    missing_mandatory: tuple[str, ...]
    faults: tuple[ScoredFault, ...] = ()
