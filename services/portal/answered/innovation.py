"""An innovation as the registry answers it to its agency and its region: all but the profile, of which each reads
what its pages show."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from services.portal.answered.answered import Answered
from services.portal.answered.evidence import Evidence
from shared.contracts.vocabulary import InnovationStatus


class HistoryEntry(Answered):
    """What happened. by: an account id; reason: the curator's or the agency's, for the region only."""

    at: datetime
    by: str = ""
    action: str
    reason: str | None = None


class WithdrawalRequest(Answered):
    """The agency's open request to withdraw a verified innovation."""

    reason: str
    at: datetime


class InnovationBase(Answered):
    """sequence: its version; comments: the curator's, by row or `profile`; missing_mandatory: row → name."""

    sequence: int
    id: str
    region: str
    agency: str
    year: int
    status: InnovationStatus
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    comments: dict[str, str] = Field(default_factory=dict)
    withdrawal: WithdrawalRequest | None = None
    missing_mandatory: dict[str, str] = Field(default_factory=dict)
    first_submitted_at: datetime | None = None
    submitted_at: datetime | None = None
    verified_at: datetime | None = None
    history: tuple[HistoryEntry, ...] = ()
