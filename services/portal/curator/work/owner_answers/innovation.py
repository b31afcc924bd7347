"""An innovation as the registry answers it: profile, evidence, comments and history."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

from services.portal.curator.work.owner_answers.answer import Answer
from shared.contracts.vocabulary import InnovationStatus

IMAGES = frozenset({"image/jpeg", "image/png"})


class EvidenceFile(Answer):
    """A file of a row with its letter. digest: SHA-256; size: bytes."""

    digest: str
    name: str
    size: int
    media_type: str
    number: str | None = None
    dated: date | None = None
    subject: str | None = None

    @property
    def shown_as(self) -> str:
        """How a browser can show it in the page: `image`, `video`, `document`."""
        if self.media_type in IMAGES:
            return "image"
        return "video" if self.media_type.startswith("video/") else "document"


class Evidence(Answer):
    """A row's claim and proofs. verified_level: None: not checked, or edited since."""

    level: int | None = None
    value: Decimal | None = None
    unit: str | None = None
    basis: str | None = None
    number: str | None = None
    dated: date | None = None
    subject: str | None = None
    links: tuple[str, ...] = ()
    files: tuple[EvidenceFile, ...] = ()
    verified_level: int | None = None

    def file(self, digest: str) -> EvidenceFile | None:
        """The file with that digest; None when the row has none."""
        return next((each for each in self.files if each.digest == digest), None)


class Profile(Answer):
    """The proposal, as far as these pages show it."""

    name: str | None = None
    stage: str | None = None
    initiator: str | None = None
    initiator_name: str | None = None
    classification: str | None = None
    nature: str | None = None
    form: str | None = None
    main_affair: str | None = None
    related_affairs: tuple[str, ...] = ()
    trial_on: date | None = None
    applied_on: date | None = None
    developed_on: date | None = None
    design: str | None = None
    purpose: str | None = None
    benefit: str | None = None
    outcome: str | None = None


class WithdrawalRequest(Answer):
    """The agency's open request to withdraw a verified innovation."""

    reason: str
    at: datetime


class HistoryEntry(Answer):
    """An action. reason: the curator's or the agency's, for the region only."""

    at: datetime
    action: str
    reason: str | None = None


class Redaction(Answer):
    """A file that was taken out."""

    digest: str


class Innovation(Answer):
    """The whole innovation, for its region."""

    sequence: int
    id: str
    region: str
    agency: str
    year: int
    status: InnovationStatus
    profile: Profile
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    comments: dict[str, str] = Field(default_factory=dict)
    withdrawal: WithdrawalRequest | None = None
    missing_mandatory: dict[str, str] = Field(default_factory=dict)
    first_submitted_at: datetime | None = None
    submitted_at: datetime | None = None
    verified_at: datetime | None = None
    history: tuple[HistoryEntry, ...] = ()
    redactions: tuple[Redaction, ...] = ()

    @property
    def redacted(self) -> frozenset[str]:
        """The digests of the files that were taken out."""
        return frozenset(each.digest for each in self.redactions)
