"""Local days, and the deadline of a year's obligation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.contracts.region import Deadline, RegionRegistered
from shared.contracts.vocabulary import Zone


def local_date(time: datetime, zone: Zone) -> date:
    """The calendar day of an aware time in the region's zone."""
    return time.astimezone(ZoneInfo(zone)).date()


def in_time(time: datetime, deadline: date, zone: Zone) -> bool:
    """Whether an aware time is on the deadline's local day or before."""
    return local_date(time, zone) <= deadline


def in_force(deadlines: Iterable[Deadline], year: int) -> Deadline | None:
    """The year's deadline with the highest revision; None: the year has no obligation."""
    of_year = [deadline for deadline in deadlines if deadline.year == year]
    return max(of_year, key=lambda deadline: deadline.revision, default=None)


def obligation_years(region: RegionRegistered) -> list[int]:
    """The years that have a deadline and hence obligations."""
    return sorted({deadline.year for deadline in region.policy.deadlines})
