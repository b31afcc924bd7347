"""Local days and moments, and the deadline of a year's obligation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.contracts.region import Deadline, RegionRegistered
from shared.contracts.vocabulary import Zone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local_date(time: datetime, zone: Zone) -> date:
    """The calendar day of an aware time in the region's zone."""
    return time.astimezone(ZoneInfo(zone)).date()


def closes_at(deadline: Deadline, zone: Zone) -> datetime:
    """The first moment that is after the deadline: the midnight that ends its day, or the microsecond after its hour,
    which itself is in time."""
    end = deadline.end(zone).astimezone(UTC)
    return end if deadline.hour is None else end + timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since the epoch of an aware time: it sorts as the time does, whatever its zone."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def obligation_years(region: RegionRegistered) -> list[int]:
    """The years that have a deadline, also a cancelled one, and hence obligations."""
    return sorted({deadline.year for deadline in region.deadlines})
