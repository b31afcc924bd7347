"""`idea.changed`: how far an idea is that somebody handed in; without its title and its text."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from shared.contracts.contract import Contract, Payload


class IdeaStatus(StrEnum):
    """NEW → HANDED_OVER → TAKEN_UP; or CLOSED. When its draft has come to nothing, it can be handed over or closed once
    more."""

    NEW = "new"
    HANDED_OVER = "handed-over"
    TAKEN_UP = "taken-up"
    CLOSED = "closed"


class IdeaChanged(Payload):
    """received_at, since: business times, of its receipt and of the last decision; agency: the one that fosters it;
    handed_over: how often it was handed to an agency until now; innovation: the draft that came of it. What it says is
    of the public: it is read in the region only."""

    id: str
    region: str
    status: IdeaStatus
    received_at: datetime
    since: datetime
    agency: str | None = None
    handed_over: int = Field(default=0, ge=0)
    innovation: str | None = None


IDEA_CHANGED = Contract(
    type="idea.changed",
    subject="idea",
    source="registry",
    payload=IdeaChanged,
    means="How far a public idea is: received, handed to a fostering agency, taken up or closed; without its text.",
)
