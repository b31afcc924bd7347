"""Who did what to an innovation and when: account ids, never names."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Action(StrEnum):
    """What can be done to an innovation."""

    DRAFTED = "drafted"
    EDITED = "edited"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"
    REASSIGNED = "reassigned"


class HistoryEntry(BaseModel):
    """at: business time; by: an account id; reason: the curator's, where one is asked for (private)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    by: str
    action: Action
    reason: str | None = None


def written(history: tuple[HistoryEntry, ...], entry: HistoryEntry) -> tuple[HistoryEntry, ...]:
    """The history with one more entry. Edits in a row by one account are one entry, with the latest time: otherwise a
    document that is edited field by field would be mostly history."""
    last = history[-1] if history else None
    if last and last.action is entry.action is Action.EDITED and last.by == entry.by:
        return (*history[:-1], entry)
    return (*history, entry)
