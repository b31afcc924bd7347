"""Counts what else waits for somebody in a region, for the weekly report: two slim passes over what is known."""

from __future__ import annotations

from collections import Counter
from datetime import date

from services.notifications.kinds import KNOWN_QUESTION
from services.notifications.messages.facts.weekly_lines import Week
from services.notifications.messages.texts.details import Attention
from services.notifications.obligations.deadlines import local_date
from services.notifications.questions.asked import RIGHT_ENDS_WITHIN, STAFF_LEAVES_WITHIN
from services.notifications.questions.ideas import IdeaRepository
from services.notifications.reminders.frame import RegionFrame
from shared.contracts.idea import IdeaStatus
from shared.ports.store import ScanRow, Store

_OF = ("verified", "stopped", "asked_on", "until", "lapsed_on", "rights", "staffed_until")
_FIELDS = ("asks", *(f"questions.{name}" for name in _OF))


class AttentionCounts:
    """Counts in one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ideas = IdeaRepository(store)

    async def of(self, frame: RegionFrame, week: Week) -> Attention:
        """As of the frame's day. week: that the report is about. Raises StoreAway."""
        counted: Counter[str] = Counter()
        async for row in self._store.scan(KNOWN_QUESTION.name, {"region": frame.code}, _FIELDS):
            counted.update(_concerns(row, frame.day, week))
        received = [each.received_at for each in await self._ideas.of_status(frame.code, IdeaStatus.NEW)]
        fostered = await self._ideas.of_status(frame.code, IdeaStatus.HANDED_OVER)
        return Attention(
            ideas=len(received),
            ideas_since=local_date(min(received), frame.zone) if received else None,
            fostered=len(fostered),
            **counted,
        )


def _concerns(row: ScanRow, day: date, week: Week) -> set[str]:
    """Names of the counts that one innovation adds to."""
    found = {"withdrawals"} if row["asks"] else set()
    if not row["questions.verified"]:
        return found
    asked_on, until = _day(row, "asked_on"), _day(row, "until")
    if asked_on is not None and until is not None and asked_on <= day <= until:
        found.add("questions")
    lapsed_on = _day(row, "lapsed_on")
    if lapsed_on is not None and week.first <= lapsed_on <= week.last:
        found.add("lapsed")
    staffed_until = _day(row, "staffed_until")
    if staffed_until is not None and staffed_until - STAFF_LEAVES_WITHIN <= day and not row["questions.stopped"]:
        found.add("staffing")
    ends = [date.fromisoformat(each["expires_on"]) for each in row["questions.rights"] or ()]
    if any(each - RIGHT_ENDS_WITHIN <= day <= each for each in ends):
        found.add("rights")
    return found


def _day(row: ScanRow, name: str) -> date | None:
    value = row[f"questions.{name}"]
    return date.fromisoformat(value) if value else None
