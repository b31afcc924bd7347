"""Follow-ups by the calendar: plans the first question of verified innovations, and lets unanswered ones lapse.

Once for each local day of a region, and at each start of the process: one slim scan of its verified innovations. Both
steps are decided on the innovation as it is then, so that replicas, repeats and a crash in between change nothing.
An upgrade or an import may leave many innovations without a first question. Each one that is planned owes an event, and
none of them is urgent, so a run plans so many and the next runs the others.
"""

from __future__ import annotations

from datetime import date

import structlog

from services.registry.continuation import changes
from services.registry.continuation.continuing import Circumstances, Continuing
from services.registry.continuation.follow_up import first_day
from services.registry.innovation.innovation import Change, Innovation
from services.registry.kinds import INNOVATION
from services.registry.regions.region import Region
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import Store

EVERY = 300.0  # seconds between two runs, of which most only compare days
MOST_PLANNED = 600  # first questions in one run: two events a second
_PAGE = 200  # regions

log = structlog.get_logger("continuation")


class FollowUpWatch:
    """Looks for what is due."""

    def __init__(self, store: Store, continuing: Continuing) -> None:
        self._store = store
        self._continuing = continuing
        self._days: dict[str, date] = {}

    async def run(self) -> None:
        """The loop's run. Raises StoreAway."""
        now, after, left = self._continuing.now(), None, MOST_PLANNED
        while True:
            page = await self._continuing.access.regions.list({}, limit=_PAGE, after=after)
            for region in (each.value for each in page.items):
                today = region.today(now)
                if self._days.get(region.code) != today:
                    planned, _ = await self.look(region, most=left)
                    left -= planned
                    if left > 0:
                        self._days[region.code] = today
            if page.after is None:
                return
            after = page.after

    async def look(self, region: Region, *, most: int | None = None) -> tuple[int, int]:
        """Look at one region now. most: first questions to plan, None: all that are missing. Returns how many were
        planned and how many lapsed. Raises StoreAway."""
        at = await self._continuing.circumstances("", region.code)
        planned = lapsed = 0
        where = {"region": region.code, "status": InnovationStatus.VERIFIED.value}
        fields = ("continuation.use.use", "continuation.question.until")
        async for row in self._store.scan(INNOVATION.name, where, fields):
            until = row["continuation.question.until"]
            if until is None and row["continuation.use.use"] is None:
                if most is not None and planned >= most:
                    continue
                planned += await self._apply(row.id, region, at)
            elif until is not None and date.fromisoformat(until) < at.today:
                lapsed += await self._apply(row.id, region, at)
        if planned or lapsed:
            log.info("follow_ups.looked", region=region.code, planned=planned, lapsed=lapsed)
        return planned, lapsed

    async def _apply(self, id: str, region: Region, at: Circumstances) -> bool:
        def decide(it: Innovation) -> Change:
            lapsed = changes.lapse(it, at.today, at.rules.follow_up, at.origin)
            if lapsed is not None:
                return lapsed
            verified = region.today(it.verified_at or at.origin.time)
            asked_on = first_day(
                verified, at.rules.follow_up, at.today, agency=it.agency, innovation=it.id, imported=it.imported
            )
            return changes.begin_following(it, asked_on, at.today, at.rules.follow_up, at.origin)

        return (await self._continuing.access.innovations.amend(id, None, decide)).changed
