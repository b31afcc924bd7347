"""What `satu doctor` says about the dated files: whether the holidays of the year, and soon of the next, are known."""

from __future__ import annotations

from datetime import date

from services.notifications.reminders.policy.holidays import BrokenHolidays, holiday_year
from shared.operations.doctor import Check

SOON = 12  # the month from which on the next year must be known, too
_FIX = "transcribe the joint decree of the three ministers into reminders/holidays/{year}.json"


def holiday_checks(today: date) -> list[Check]:
    """One for each year that matters on that day."""
    years = [today.year, today.year + 1] if today.month >= SOON else [today.year]
    return [_check(year) for year in years]


def _check(year: int) -> Check:
    part = f"holidays {year}"
    try:
        found = holiday_year(year)
    except BrokenHolidays as error:
        return Check(part, passed=False, found=f"{error}: nobody is told anything", fix=_FIX.format(year=year))
    if found is None:
        why = f"there is no list for {year}: nothing is deferred for holidays"
        return Check(part, passed=False, found=why, fix=_FIX.format(year=year))
    return Check(part, passed=True, found=f"{len(found.days)} days, {found.status}: {found.source}")
