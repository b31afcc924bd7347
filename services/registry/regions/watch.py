"""Publishes `deadline.passed`: ten minutes after a deadline, what the registry's own store holds.

An agency is called late only when this event was heard, so nothing that was submitted in time is overlooked because
its event is late. The ten minutes are longer than any write takes from the moment that it decided with. A deadline is
looked at again at each start of the process, and hourly for 30 days; another answer (an innovation was moved to this
year or agency) is a new version of the event. A deadline that was moved or cancelled is left as it was published: only
the revision in force counts.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from services.registry.kinds import DEADLINE, INNOVATION
from services.registry.regions.passed import PassedDeadline, Submitted, keep, passed_id
from services.registry.regions.region import Region
from shared.clock import Clock, machine_seconds
from shared.contracts.region import Deadline, deadline_in_force
from shared.observability.tracing import origin
from shared.ports.store import Store
from shared.storage.repository import Repository

DELAY = timedelta(minutes=10)  # business time from the deadline to the first look
AGAIN = 3600.0  # seconds of machine time between two looks at one deadline
LONGEST = timedelta(days=30)  # business time after the deadline in which it is looked at again
EVERY = 2.0  # seconds between two runs, of which most only compare two numbers
CHECKED_EVERY = 30.0  # seconds between two readings of the regions: another process may have changed one

_PAGE = 200  # regions

log = structlog.get_logger("deadlines")


@dataclass(frozen=True)
class _Look:
    """A look in this process. end: of the deadline, which another time zone of the region moves too; at: monotonic
    seconds."""

    revision: int
    end: datetime
    at: float


class DeadlineWatch:
    """Looks for deadlines that have passed. Replicas may do the same: an equal answer is written once."""

    def __init__(self, store: Store, regions: Repository[Region], clock: Clock) -> None:
        self.woken = asyncio.Event()
        self._store = store
        self._passed = Repository(store, DEADLINE, PassedDeadline, "Batas waktu ini belum lewat.")
        self._regions = regions
        self._clock = clock
        self._looks: dict[str, _Look] = {}
        self._check_at = 0.0  # monotonic seconds
        self._next_due: datetime | None = None

    def wake(self) -> None:
        """A region was changed: read the regions at the next run, which begins at once."""
        self._check_at = 0.0
        self.woken.set()

    async def run(self) -> None:
        """The loop's run. Raises StoreAway."""
        due = self._next_due is not None and self._clock.now() >= self._next_due
        if not due and machine_seconds() < self._check_at:
            return
        self._check_at = machine_seconds() + CHECKED_EVERY
        try:
            self._next_due = await self.check()
        except BaseException:
            self._check_at = 0.0
            raise

    async def check(self) -> datetime | None:
        """Look at every deadline for which it is time. Returns when the next one is due. Raises StoreAway."""
        now, coming, after = self._clock.now(), list[datetime](), None
        while True:
            page = await self._regions.list({}, limit=_PAGE, after=after)
            for region in (each.value for each in page.items):
                for year in sorted({each.year for each in region.deadlines}):
                    deadline = deadline_in_force(region.deadlines, year)
                    if deadline is None or deadline.cancelled:
                        continue
                    due = deadline.end(region.zone) + DELAY
                    if due > now:
                        coming.append(due)
                    elif await self._is_time(region, deadline, now):
                        await self.look(region, deadline)
            if page.after is None:
                return min(coming, default=None)
            after = page.after

    async def look(self, region: Region, deadline: Deadline) -> None:
        """Read what was submitted in time, and publish it unless it is known. Raises StoreAway."""
        id = passed_id(region.code, deadline.year)
        found = PassedDeadline.of(region, deadline, await self._submitted(region, deadline))
        kept = await self._passed.change(id, lambda before: keep(before, found, origin(self._clock)))
        if kept.changed:
            log.info("deadline.passed", deadline=id, revision=deadline.revision, agencies=len(found.submitted))
        self._looks[id] = _Look(deadline.revision, deadline.end(region.zone), machine_seconds())

    async def _is_time(self, region: Region, deadline: Deadline, now: datetime) -> bool:
        id, end = passed_id(region.code, deadline.year), deadline.end(region.zone)
        last, recent = self._looks.get(id), now <= end + LONGEST
        if last is None and not recent:
            known = await self._passed.find(id)
            if known is not None and known.value.revision >= deadline.revision:
                self._looks[id] = _Look(deadline.revision, end, machine_seconds())
                return False
        if last is None or (last.revision, last.end) != (deadline.revision, end):
            return True
        return recent and machine_seconds() >= last.at + AGAIN

    async def _submitted(self, region: Region, deadline: Deadline) -> Submitted:
        """Streamed over all innovations of the region, whatever their year: one that was assigned to this year may have
        been moved to another since, and no index leads through a list of assignments."""
        found: dict[str, list[str]] = defaultdict(list)
        fields = ("assignments", "first_submitted_at")
        async for row in self._store.scan(INNOVATION.name, {"region": region.code}, fields):
            first = row["first_submitted_at"]
            if first is None or not deadline.allows(datetime.fromisoformat(first), region.zone):
                continue
            for agency in {each["agency"] for each in row["assignments"] if each["year"] == deadline.year}:
                found[agency].append(row.id)
        return {agency: tuple(sorted(ids)) for agency, ids in found.items()}
