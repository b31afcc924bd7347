"""The reason to tell an agency of its duty because a curator asked for it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.summary import ObligationSummary
from services.notifications.reminders.reasons import DueReason
from shared.contracts.message import ON_REQUEST, Reason
from shared.contracts.vocabulary import ReasonKind

Requested = Mapping[tuple[str, int], date]
"""(agency, year) → the last local day on which a curator asked to remind it."""

ASKED_FOR = 14
"""Days for which it stays due: longer than any run of holidays and weekends defers it. (Ours.)"""

_OWED = (ObligationPhase.OPEN, ObligationPhase.OVERDUE)


def requested_reasons(duty: ObligationSummary, asked_on: date | None, day: date) -> list[DueReason]:
    """From the day on which it was asked, while the agency still owes something. Of two requests only the later one
    counts: what the first could not tell yet, the second tells."""
    if asked_on is None or duty.phase not in _OWED:
        return []
    reason = Reason(
        kind=ReasonKind.DUTY, what=ON_REQUEST, region=duty.region, agency=duty.agency, year=duty.year, day=asked_on
    )
    due = DueReason(reason, asked_on, asked_on + timedelta(days=ASKED_FOR - 1), duty.deadline)
    return [due] if due.due_on(day) else []
