"""Local days and times of a region."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from shared.contracts.vocabulary import Zone


def local(moment: datetime, zone: Zone) -> datetime:
    """The civil time in the zone."""
    return moment.astimezone(ZoneInfo(zone.value))


def local_day(moment: datetime, zone: Zone) -> date:
    """The calendar day in the zone."""
    return local(moment, zone).date()


def at_local(day: date, hour: time, zone: Zone) -> datetime:
    """The moment at which clocks in the zone show that time."""
    return datetime.combine(day, hour, ZoneInfo(zone.value))
