"""When a region may be disturbed: its quiet hours, quiet weekdays and public holidays. Pure; local times are of the
region's zone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.notifications.reminders.policy.alert_policy import AlertPolicy

LOOK_AHEAD = 60  # days; after so many quiet days in a row something is wrong with the data


def is_quiet(policy: AlertPolicy, holidays: Collection[date], zone: ZoneInfo, moment: datetime) -> bool:
    """Whether nobody may be disturbed at the aware time `moment`. holidays: local days."""
    local = moment.astimezone(zone)
    return _is_quiet_day(policy, holidays, local.date()) or _is_quiet_hour(policy, local.time())


def next_allowed(policy: AlertPolicy, holidays: Collection[date], zone: ZoneInfo, moment: datetime) -> datetime | None:
    """The first moment, from `moment` on, at which somebody may be disturbed; None when LOOK_AHEAD days have none."""
    if not is_quiet(policy, holidays, zone, moment):
        return moment
    local = moment.astimezone(zone)
    for day in range(LOOK_AHEAD):
        date_ = local.date() + timedelta(days=day)
        for hour in sorted({time(0), policy.quiet_until}):
            # a local time that a change of clocks leaves out becomes the moment of that change
            begins = datetime.combine(date_, hour, zone).astimezone(UTC)
            if begins > moment and not is_quiet(policy, holidays, zone, begins):
                return begins
    return None


def _is_quiet_day(policy: AlertPolicy, holidays: Collection[date], day: date) -> bool:
    return day.isoweekday() in policy.quiet_days or (policy.holidays_are_quiet and day in holidays)


def _is_quiet_hour(policy: AlertPolicy, local: time) -> bool:
    begins, ends = policy.quiet_from, policy.quiet_until
    if begins <= ends:
        return begins <= local < ends
    return local >= begins or local < ends
