"""Local days, and the deadline of a year's obligation."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.contracts.region import RegionRegistered
from shared.contracts.vocabulary import Zone


def local_date(time: datetime, zone: Zone) -> date:
    """The calendar day of an aware time in the region's zone."""
    return time.astimezone(ZoneInfo(zone)).date()


def in_time(time: datetime, deadline: date, zone: Zone) -> bool:
    """Whether an aware time is on the deadline's local day or before."""
    return local_date(time, zone) <= deadline


def obligation_years(region: RegionRegistered) -> list[int]:
    """The years that have a deadline and hence obligations."""
    return sorted({deadline.year for deadline in region.deadlines})
