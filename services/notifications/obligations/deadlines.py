"""Which local day it is, and when the duty of a year ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.contracts.region import Deadline
from shared.contracts.vocabulary import Zone


def local_date(moment: datetime, zone: Zone) -> date:
    """The calendar day of an aware moment, where the region is."""
    return moment.astimezone(ZoneInfo(zone)).date()


def in_time(moment: datetime, deadline: date, zone: Zone) -> bool:
    """Whether it happened on the deadline's local day or before."""
    return local_date(moment, zone) <= deadline


def in_force(deadlines: Iterable[Deadline], year: int) -> Deadline | None:
    """The year's deadline of the highest revision; None: the year has no duty."""
    of_year = [deadline for deadline in deadlines if deadline.year == year]
    return max(of_year, key=lambda deadline: deadline.revision, default=None)
