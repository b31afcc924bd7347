"""An innovation as the registry answers it to its agency. Unknown fields are ignored."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.portal.pages.formats import number
from shared.contracts.continuation import ContinuationState
from shared.contracts.vocabulary import InnovationStatus

_KILOBYTE, _MEGABYTE = 1024, 1024 * 1024  # bytes


class Answered(BaseModel):
    """The base of what owners answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class File(Answered):
    """An uploaded file. digest: SHA-256 in hex; size: bytes; number, dated, subject: of its letter."""

    digest: str
    size: int
    media_type: str
    name: str
    added_at: datetime
    number: str | None = None
    dated: date | None = None
    subject: str | None = None

    @property
    def size_in_words(self) -> str:
        """`38 kB`, `1,2 MB`."""
        if self.size < _MEGABYTE:
            return f"{-(-self.size // _KILOBYTE)} kB"
        return f"{number(Decimal(self.size) / _MEGABYTE, 1)} MB"


class Row(Answered):
    """The evidence of one indicator. verified_level: the curator's, None: not checked, or edited since."""

    level: int | None = None
    value: Decimal | None = None
    unit: str | None = None
    basis: str | None = None
    number: str | None = None
    dated: date | None = None
    subject: str | None = None
    links: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    verified_level: int | None = None

    @property
    def claimed(self) -> bool:
        """Whether it has a level or a value."""
        return self.level is not None or self.value is not None

    @property
    def proofs(self) -> int:
        """Files and links."""
        return len(self.files) + len(self.links)


class HistoryEntry(Answered):
    """What happened. by: an account id; reason: the curator's or the agency's."""

    at: datetime
    by: str
    action: str
    reason: str | None = None


class WithdrawalRequest(Answered):
    """The agency's open request to withdraw it."""

    reason: str
    at: datetime


class Innovation(Answered):
    """The whole of it. sequence: its version; profile: by field, as JSON; comments: the curator's, by row or `profile`;
    missing_mandatory: row → name."""

    id: str
    sequence: int
    region: str
    agency: str
    year: int
    status: InnovationStatus
    profile: dict[str, Any] = Field(default_factory=dict)
    documents: dict[str, File] = Field(default_factory=dict)
    evidence: dict[str, Row] = Field(default_factory=dict)
    comments: dict[str, str] = Field(default_factory=dict)
    withdrawal: WithdrawalRequest | None = None
    missing_mandatory: dict[str, str] = Field(default_factory=dict)
    first_submitted_at: datetime | None = None
    submitted_at: datetime | None = None
    verified_at: datetime | None = None
    history: tuple[HistoryEntry, ...] = ()
    continuation: ContinuationState | None = None

    @property
    def name(self) -> str:
        """Its name; empty while it has none."""
        return self.profile.get("name") or ""

    def edited_by_others(self, account: str) -> HistoryEntry | None:
        """The last thing that another account did; None: nothing."""
        return next((each for each in reversed(self.history) if each.by != account), None)

    @property
    def is_open(self) -> bool:
        """Whether profile and evidence can be edited."""
        return self.status in {InnovationStatus.DRAFT, InnovationStatus.RETURNED}


class Flawed(Answered):
    """One thing that blocks the submission. field: `profile.design`, `evidence.33.level`, `year`."""

    field: str
    code: str
    message: str


class SubmissionCheck(Answered):
    """Everything that blocks a submission of this version."""

    sequence: int
    flaws: tuple[Flawed, ...] = ()
    missing_mandatory: dict[str, str] = Field(default_factory=dict)
