"""Local days and moments, and the deadline of a year's obligation."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.contracts.region import RegionRegistered
from shared.contracts.vocabulary import Zone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local_date(time: datetime, zone: Zone) -> date:
    """The calendar day of an aware time in the region's zone."""
    return time.astimezone(ZoneInfo(zone)).date()


def closes_at(day: date, hour: time | None, zone: Zone) -> datetime:
    """The first moment (UTC) that is after the deadline: local midnight at the end of its day, or the microsecond after
    its hour, which itself is in time."""
    if hour is None:
        return datetime.combine(day + timedelta(days=1), time(0), ZoneInfo(zone)).astimezone(UTC)
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC) + timedelta(microseconds=1)


def in_time(moment: datetime, day: date, zone: Zone, hour: time | None = None) -> bool:
    """Whether an aware time is on the deadline's local day or before, or at its hour at the latest."""
    return moment < closes_at(day, hour, zone)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since the epoch of an aware time: it sorts as the time does, whatever its zone."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def obligation_years(region: RegionRegistered) -> list[int]:
    """The years that have a deadline, also a cancelled one, and hence obligations."""
    return sorted({deadline.year for deadline in region.deadlines})
