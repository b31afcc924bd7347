"""The stored requests: which of them are due on a day, and which no sweep has seen yet."""

from __future__ import annotations

from datetime import date, timedelta

from services.notifications.kinds import REMINDER_REQUEST
from services.notifications.reminders.asked.outcome import Outcome
from services.notifications.reminders.asked.reasons import ASKED_FOR, Requested
from services.notifications.reminders.asked.request import ReminderRequest
from shared.ports.store import Range, Store
from shared.storage.repository import Repository, Versioned
from shared.storage.steps import without_event

_PAGE = 200


class ReminderRequests:
    """Reads and marks them in one store. All methods raise StoreAway."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.repository = Repository(store, REMINDER_REQUEST, ReminderRequest, "Permintaan pengingat ini tidak ada.")

    async def open_on(self, region: str, day: date) -> Requested:
        """The agencies that are to be told on that day because of a request."""
        since = day - timedelta(days=ASKED_FOR - 1)
        where = {"region": region, "day": Range(least=since.isoformat(), most=day.isoformat())}
        found: dict[tuple[str, int], date] = {}
        async for row in self._store.scan(REMINDER_REQUEST.name, where, ("year", "day", "agencies")):
            asked_on = date.fromisoformat(row["day"])
            for each in row["agencies"]:
                if each["outcome"] == Outcome.TELL.value:
                    key = each["agency"], row["year"]
                    found[key] = max(found.get(key, asked_on), asked_on)
        return found

    async def waiting(self) -> list[Versioned[ReminderRequest]]:
        """Those that no sweep has dealt with. One short query while there is none."""
        found: list[Versioned[ReminderRequest]] = []
        after: str | None = None
        while True:
            page = await self.repository.list({"waiting": 1}, limit=_PAGE, after=after)
            found += page.items
            after = page.after
            if after is None:
                return found

    async def looked_at(self, request: Versioned[ReminderRequest]) -> None:
        """Note that a sweep has dealt with it."""
        await self.repository.amend(request.id, None, without_event(ReminderRequest.looked_at), known=request)
