"""An obligation as it is stored: the facts, what was derived from them, and copies of it for the indexes. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from pydantic import Field

from services.notifications.obligations.deadlines import microseconds
from services.notifications.obligations.facts import Facts
from services.notifications.obligations.obligation import Derived, MissingFact, ObligationPhase, Progress
from services.notifications.state import Bit, DocumentState, replaced
from shared.contracts.obligation import ObligationState

RULES = 2
"""The version of the rules. Obligations that an earlier release derived are derived again by the check at start."""

AT_ONCE = ""
SLEEPS = "9999-12-31"


def look_on(day: date) -> str:
    """A local day as the field `look` has it; `date.max` for none."""
    return SLEEPS if day == date.max else day.isoformat()


class ObligationDocument(DocumentState):
    """phase: stored as `stands`; status, deadline: of `public`, for the indexes, empty without it; waiting_for: the
    missing fact, else empty; public: None while a fact is missing.

    late: whether it was fulfilled too late; closes: microseconds since the epoch of the first moment after the
    deadline, 0 without a deadline; waiting_since, progress, progress_since, spell, spell_since: see Derived; look: the
    first local day (ISO) on which reminders must look at it again, AT_ONCE or SLEEPS; rules: the version of the rules
    that it was derived by.
    """

    agency: str
    year: int
    region: str
    phase: ObligationPhase = Field(validation_alias="stands", serialization_alias="stands")
    status: str
    deadline: str
    waiting_for: str
    facts: Facts
    public: ObligationState | None
    late: Bit = False
    closes: int = 0
    waiting_since: datetime | None = None
    progress: Progress = Progress.NONE
    progress_since: datetime | None = None
    spell: str = ""
    spell_since: datetime | None = None
    look: str = AT_ONCE
    rules: int = 1

    @classmethod
    def of(cls, facts: Facts, outcome: Derived | MissingFact, before: Self | None = None) -> Self:
        """What was derived from the facts. before: as it is stored now; reminders look at the obligation again only if
        something other than the facts differs."""
        base = {"agency": facts.agency_id, "year": facts.year, "facts": facts, "rules": RULES}
        if isinstance(outcome, MissingFact):
            after = cls(
                **base,
                region=facts.agency.region if facts.agency else "",
                phase=ObligationPhase.UNKNOWN,
                status="",
                deadline="",
                waiting_for=str(outcome),
                public=None,
                look=SLEEPS,
            )
        else:
            public = outcome.public
            after = cls(
                **base,
                region=public.region,
                phase=outcome.phase,
                status=public.status.value,
                deadline=public.deadline.isoformat(),
                waiting_for="",
                public=public,
                late=public.on_time is False,
                closes=microseconds(outcome.closes),
                waiting_since=outcome.waiting_since,
                progress=outcome.progress,
                progress_since=outcome.progress_since,
                spell=outcome.spell,
                spell_since=outcome.spell_since,
            )
        if before is None or after.public is None:
            return after
        same = replaced(after, look=before.look, facts=before.facts, rules=before.rules) == before
        return replaced(after, look=before.look) if same else after
