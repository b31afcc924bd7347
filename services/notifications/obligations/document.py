"""An obligation as it is stored: the facts, what was derived from them, and copies of it for the indexes. Pure."""

from __future__ import annotations

from typing import Self

from pydantic import Field

from services.notifications.obligations.facts import Facts
from services.notifications.obligations.obligation import MissingFact, ObligationPhase, phase_of
from services.notifications.state import DocumentState
from shared.contracts.obligation import ObligationState


class ObligationDocument(DocumentState):
    """phase: stored as `stands`; status, deadline: of `public`, for the indexes, empty without it; waiting_for: the
    missing fact, else empty; public: None while a fact is missing."""

    agency: str
    year: int
    region: str
    phase: ObligationPhase = Field(validation_alias="stands", serialization_alias="stands")
    status: str
    deadline: str
    waiting_for: str
    facts: Facts
    public: ObligationState | None

    @classmethod
    def of(cls, facts: Facts, outcome: ObligationState | MissingFact) -> Self:
        """What was derived from the facts."""
        public = outcome if isinstance(outcome, ObligationState) else None
        return cls(
            agency=facts.agency_id,
            year=facts.year,
            region=facts.agency.region if facts.agency else "",
            phase=phase_of(outcome),
            status=public.status.value if public else "",
            deadline=public.deadline.isoformat() if public else "",
            waiting_for="" if public else str(outcome),
            facts=facts,
            public=public,
        )
