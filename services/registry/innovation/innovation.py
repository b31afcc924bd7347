"""An innovation: its stored state, and the public state that its events carry.

Statuses: draft → submitted → returned → submitted → verified; withdrawn. Public is the content of the last submission:
edits of a returned innovation stay private until it is submitted again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from services.registry.continuation.continuation import EMPTY, Continuation
from services.registry.evidence.attachment import Attachment, ProfileDocument
from services.registry.evidence.evidence import Evidence, in_order, public_row
from services.registry.files.redaction import Redaction, redaction_of
from services.registry.innovation.history import Action, HistoryEntry, appended
from services.registry.innovation.profile import Profile
from services.registry.innovation.turn import turn_of
from services.registry.innovation.withdrawals import withdrawal_of
from shared.contracts.contract import AnyContract, Origin, draft
from shared.contracts.event import Draft
from shared.contracts.innovation import (
    INNOVATION_DRAFTED,
    INNOVATION_RETURNED,
    INNOVATION_SUBMITTED,
    INNOVATION_VERIFIED,
    INNOVATION_WITHDRAWN,
    Assignment,
    InnovationDrafted,
    RowEvidence,
)
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Conflict
from shared.storage.models import assembled, replaced
from shared.storage.stored import Stored

_CONTRACTS: dict[InnovationStatus, AnyContract] = {
    InnovationStatus.SUBMITTED: INNOVATION_SUBMITTED,
    InnovationStatus.RETURNED: INNOVATION_RETURNED,
    InnovationStatus.VERIFIED: INNOVATION_VERIFIED,
    InnovationStatus.WITHDRAWN: INNOVATION_WITHDRAWN,
}

STATUS_WORDS: dict[InnovationStatus, str] = {
    InnovationStatus.DRAFT: "masih rancangan",
    InnovationStatus.SUBMITTED: "sudah diajukan",
    InnovationStatus.RETURNED: "dikembalikan untuk diperbaiki",
    InnovationStatus.VERIFIED: "sudah diverifikasi",
    InnovationStatus.WITHDRAWN: "sudah ditarik",
}


class Placement(BaseModel):
    """An agency and a year that the innovation is or was assigned to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agency: str
    year: int


class SubmittedContent(BaseModel):
    """Profile and evidence of the last submission, kept while a returned innovation is being edited."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: Profile
    evidence: dict[str, Evidence]


class WithdrawalRequest(BaseModel):
    """That an agency asks the curator to withdraw its verified innovation. region: a copy, for the index; reason
    (private), by, at: of the request."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str
    reason: str
    by: str
    at: datetime


class Innovation(Stored):
    """As it is stored.

    assignments: every placement so far, in order; agency and year are the current one. handed_in: set from a return
    until the next submission; otherwise profile and evidence are what was last submitted. verified_levels: the
    curator's levels, by row, of the last submission. comments: of the last return, by row or `profile` (private).
    imported: its decisions were brought in from a table.
    withdrawal: the agency's open request to withdraw it, only while it is verified. withdrawn_by_curator: who has
    withdrawn it was a curator.
    continuation: its way from idea to continued use. redactions: of its files, for good.
    """

    id: str
    region: str
    agency: str
    year: int
    assignments: tuple[Placement, ...]
    status: InnovationStatus = InnovationStatus.DRAFT
    profile: Profile = Field(default_factory=Profile)
    documents: dict[ProfileDocument, Attachment] = Field(default_factory=dict)
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    handed_in: SubmittedContent | None = None
    verified_levels: dict[str, int] = Field(default_factory=dict)
    comments: dict[str, str] = Field(default_factory=dict)
    withdrawal: WithdrawalRequest | None = None
    withdrawn_by_curator: bool = False
    first_submitted_at: datetime | None = None
    submitted_at: datetime | None = None
    verified_at: datetime | None = None
    history: tuple[HistoryEntry, ...] = ()
    imported: bool = False
    continuation: Continuation = EMPTY
    redactions: tuple[Redaction, ...] = ()

    @property
    def is_from_table(self) -> bool:
        """Whether what was submitted last was brought in from a table: its proofs stayed where they were."""
        told = (each.action for each in reversed(self.history) if each.action in (Action.IMPORTED, Action.SUBMITTED))
        return self.imported and next(told, None) is Action.IMPORTED

    @property
    def deleted(self) -> bool:
        """Whether it is what is left of a draft that was deleted."""
        return self.status is InnovationStatus.WITHDRAWN and self.first_submitted_at is None

    @property
    def last_submitted(self) -> SubmittedContent:
        """The content of the last submission; of a draft, its present content."""
        return self.handed_in or assembled(SubmittedContent, profile=self.profile, evidence=self.evidence)

    def redaction(self, digest: str) -> Redaction | None:
        """The redaction of the file with that digest; None when its bytes were not removed."""
        return redaction_of(self.redactions, digest)

    def require(self, *statuses: InnovationStatus) -> None:
        """Raise Conflict unless the status is one of these."""
        if self.status not in statuses:
            raise Conflict(f"Inovasi ini {STATUS_WORDS[self.status]}; tindakan ini tidak dapat dilakukan.")

    def placed(self, agency: str, year: int) -> Self:
        """A copy with this as its current placement."""
        placement = Placement(agency=agency, year=year)
        known = placement in self.assignments
        assignments = self.assignments if known else (*self.assignments, placement)
        return replaced(self, agency=agency, year=year, assignments=assignments)

    def noted(self, action: Action, by: str, origin: Origin, reason: str | None = None) -> Self:
        """A copy with one more entry in its history."""
        entry = HistoryEntry(at=origin.time, by=by, action=action, reason=reason)
        return replaced(self, history=appended(self.history, entry))

    def verified_level(self, row: str) -> int | None:
        """The curator's level of a row; None when the row was not checked, or was edited since."""
        unchanged = self.handed_in is None or self.evidence.get(row) == self.handed_in.evidence.get(row)
        return self.verified_levels.get(row) if unchanged else None


Change = tuple[Innovation, Draft | None] | None
"""The changed innovation and the event that it owes, if any; None: no change."""


def event_of(innovation: Innovation, origin: Origin) -> Draft:
    """The event for the current status, with the whole public state."""
    turn = turn_of(innovation.history)
    if innovation.status is InnovationStatus.DRAFT or innovation.deleted:
        drafted = InnovationDrafted(
            id=innovation.id,
            region=innovation.region,
            agency=innovation.agency,
            year=innovation.year,
            assignments=_assignments(innovation),
            status=innovation.status,
            turn=turn.number,
            status_since=turn.since,
            continuation=innovation.continuation.public(),
        )
        return draft(INNOVATION_DRAFTED, drafted, innovation.region, origin)
    contract = _CONTRACTS[innovation.status]
    profile = innovation.last_submitted.profile
    state = assembled(
        contract.payload,
        id=innovation.id,
        region=innovation.region,
        agency=innovation.agency,
        year=innovation.year,
        assignments=_assignments(innovation),
        status=innovation.status,
        name=profile.name,
        stage=profile.stage,
        initiator=profile.initiator,
        classification=profile.classification,
        nature=profile.nature,
        form=profile.form,
        main_affair=profile.main_affair,
        related_affairs=profile.related_affairs,
        asta_cita=profile.asta_cita,
        cluster=profile.cluster,
        trial_on=profile.trial_on,
        applied_on=profile.applied_on,
        developed_on=profile.developed_on,
        first_submitted_at=innovation.first_submitted_at,
        submitted_at=innovation.submitted_at,
        verified_at=innovation.verified_at,
        evidence=public_rows(innovation),
        turn=turn.number,
        status_since=turn.since,
        imported=innovation.imported,
        withdrawal_asked=innovation.withdrawal is not None,
        withdrawal=withdrawal_of(innovation.history, by_curator=innovation.withdrawn_by_curator),
        continuation=innovation.continuation.public(),
    )
    return draft(contract, state, innovation.region, origin)


def public_rows(innovation: Innovation) -> tuple[RowEvidence, ...]:
    """The public part of the rows of the last submission."""
    rows, least = in_order(innovation.last_submitted.evidence), int(innovation.is_from_table)
    return tuple(public_row(row, each, innovation.verified_levels.get(row), least) for row, each in rows.items())


def _assignments(innovation: Innovation) -> tuple[Assignment, ...]:
    return tuple(
        assembled(
            Assignment,
            agency=each.agency,
            year=each.year,
            present=(each.agency, each.year) == (innovation.agency, innovation.year),
        )
        for each in innovation.assignments
    )
