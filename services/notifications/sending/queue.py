"""The messages that the sender must look at, in the order in which they are handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.notifications.kinds import MESSAGE
from services.notifications.known import KnownFacts
from services.notifications.messages.message import LOOKED_AT
from services.notifications.reminders.mode import AlertingMode
from shared.contracts.region import deadline_in_force
from shared.ports.store import OneOf, Range, Store

_LAST = date.max
_LOOKED_AT = OneOf([each.value for each in LOOKED_AT])


class SendingQueue:
    """Reads the due messages: those of the nearest deadline first, so that a provider's limit never holds up what is
    most urgent, then by how long they have been due."""

    def __init__(self, store: Store, known_facts: KnownFacts) -> None:
        self._store = store
        self._known_facts = known_facts

    async def ids(self, mode: AlertingMode, now: int, today: date) -> list[str]:
        """The ids of the messages that are due at `now` (machine milliseconds) to persons whom the mode reaches. today:
        a deadline before it is past, and no longer urgent."""
        rows: list[tuple[int, str, list[tuple[str, int]]]] = []
        regions: set[str] = set()
        async for row in self._store.scan(
            MESSAGE.name, {"status": _LOOKED_AT, "due": Range(most=now)}, ("person", "region", "due", "alerts")
        ):
            if mode.reaches(row["person"]):
                duties = _duties(row["region"], row["alerts"])
                regions |= {code for code, _ in duties}
                rows.append((row["due"], row.id, duties))
        deadlines = await self._deadlines(regions, {duty for _, _, duties in rows for duty in duties})
        return [id for _, _, id in sorted((_urgency(duties, deadlines, today), due, id) for due, id, duties in rows)]

    async def _deadlines(self, codes: set[str], duties: set[tuple[str, int]]) -> dict[tuple[str, int], date]:
        known = {code: await self._known_facts.region(code) for code in sorted(codes)}
        found: dict[tuple[str, int], date] = {}
        for code, year in duties:
            region = known[code]
            deadline = deadline_in_force(region.value.deadlines, year) if region else None
            if deadline is not None and not deadline.cancelled:
                found[code, year] = deadline.date
        return found


def _duties(region: str, alerts: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Region and year of each duty that the alerts are about. Alerts of a former schema have no reason."""
    reasons = [each["reason"] for each in alerts if "reason" in each]
    return [(region, reason["year"]) for reason in reasons if reason["year"]]


def _urgency(
    duties: Sequence[tuple[str, int]], deadlines: Mapping[tuple[str, int], date], today: date
) -> tuple[bool, date]:
    """Sorts the nearest coming deadline first, then past ones, then what has none."""
    return min(
        ((deadlines[duty] < today, deadlines[duty]) for duty in duties if duty in deadlines), default=(True, _LAST)
    )
