"""The turn of an innovation: how often it has changed hands or status, computed from its history.

Derived, not stored, so that innovations that an earlier release stored have the right number too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.registry.innovation.history import Action, HistoryEntry
from shared.contracts.vocabulary import InnovationStatus

_STATUSES = {
    Action.DRAFTED: InnovationStatus.DRAFT,
    Action.SUBMITTED: InnovationStatus.SUBMITTED,
    Action.RETURNED: InnovationStatus.RETURNED,
    Action.VERIFIED: InnovationStatus.VERIFIED,
    Action.WITHDRAWN: InnovationStatus.WITHDRAWN,
    Action.DELETED: InnovationStatus.WITHDRAWN,
}
"""The status after an action; other actions leave it as it is."""


@dataclass(frozen=True)
class Turn:
    """number: of status changes and reassignments, the first draft included; since: business time of the last one."""

    number: int = 0
    since: datetime | None = None


def turn_of(history: Sequence[HistoryEntry]) -> Turn:
    """The present turn. An edit begins none, nor does a verification that only completes the levels."""
    turn, status = Turn(), None
    for entry in history:
        after = _STATUSES.get(entry.action, status)
        if after is not status or entry.action is Action.REASSIGNED:
            turn = Turn(turn.number + 1, entry.at)
        status = after
    return turn
