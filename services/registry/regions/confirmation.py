"""A deadline that has passed already makes agencies overdue at once: whoever sets it must name how many."""

from __future__ import annotations

from services.registry.regions import deadline as deadlines
from services.registry.regions.counts import DutyCounts
from services.registry.regions.deadline import NewDeadline
from services.registry.regions.region import Region
from shared import indonesian
from shared.clock import Clock
from shared.faults import ConfirmationNeeded


class OverdueUnconfirmed(ConfirmationNeeded):
    """The deadline has passed, and the request does not name how many agencies become overdue at once."""

    slug = "overdue-unconfirmed"


class OverdueConfirmation:
    """Checks requests that set a deadline."""

    def __init__(self, counts: DutyCounts, clock: Clock) -> None:
        self._counts = counts
        self._clock = clock

    async def require(self, region: Region, new: NewDeadline) -> None:
        """Raise OverdueUnconfirmed unless the request names how many agencies become overdue at once. A number is not
        needed when there are none, for a deadline to come, and for a corrected basis. Raises Invalid, StoreAway."""
        now = self._clock.now()
        present = region.deadline(new.year)
        after = deadlines.in_force(deadlines.with_deadline(region.deadlines, new, "", now), new.year)
        if after is None or after.allows(now, region.zone) or (present and present.revision == after.revision):
            return
        overdue = await self._counts.overdue(region, after)
        if overdue == (new.confirm_overdue or 0):
            return
        raise OverdueUnconfirmed(
            f"Batas waktu {indonesian.day(new.date)} sudah lewat: {overdue} perangkat daerah langsung dinyatakan "
            f"terlambat. Ulangi dengan confirm_overdue: {overdue} bila memang demikian.",
            {"confirm_overdue": overdue},
        )
