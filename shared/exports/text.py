"""Days in words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.indonesian import day


def local_day(moment: datetime, zone: str) -> str:
    """The day in the region's time zone: `3 Desember 2026`."""
    return day(moment.astimezone(ZoneInfo(zone)).date())
