"""The history of an innovation: who did what and when, by account id, never by name."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Action(StrEnum):
    """An action on an innovation."""

    DRAFTED = "drafted"
    EDITED = "edited"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"
    WITHDRAWAL_ASKED = "withdrawal_asked"
    WITHDRAWAL_TAKEN_BACK = "withdrawal_taken_back"
    WITHDRAWAL_DECLINED = "withdrawal_declined"
    DELETED = "deleted"
    REASSIGNED = "reassigned"
    REDACTED = "redacted"
    IMPORTED = "imported"


class HistoryEntry(BaseModel):
    """at: business time; by: an account id; reason: the curator's, where the action requires one (private)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    by: str
    action: Action
    reason: str | None = None


def appended(history: tuple[HistoryEntry, ...], entry: HistoryEntry) -> tuple[HistoryEntry, ...]:
    """The history with one more entry. Consecutive edits by one account are merged into one entry with the latest time;
    otherwise editing field by field would make the document mostly history."""
    last = history[-1] if history else None
    if last and last.action is entry.action is Action.EDITED and last.by == entry.by:
        return (*history[:-1], entry)
    return (*history, entry)
