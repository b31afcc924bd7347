from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.reminders.policy.alert_policy import DEFAULT, AlertPolicy
from services.notifications.reminders.policy.holidays import BrokenHolidays, days_of, holiday_year
from services.notifications.reminders.policy.quiet import is_quiet, next_allowed
from services.notifications.reminders.quiet_times import ASK_AGAIN, allowed_from
from services.notifications.state import replaced
from shared.contracts.vocabulary import Zone

PONTIANAK, JAYAPURA = ZoneInfo(Zone.WIB_PONTIANAK), ZoneInfo(Zone.WIT)


def at(*parts: int, zone: ZoneInfo = PONTIANAK) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (at(2026, 11, 3, 6, 59), at(2026, 11, 3, 7)),
        (at(2026, 11, 3, 7), at(2026, 11, 3, 7)),
        (at(2026, 11, 3, 18, 59), at(2026, 11, 3, 18, 59)),
        (at(2026, 11, 3, 19), at(2026, 11, 4, 7)),
        (at(2026, 11, 3, 23, 30), at(2026, 11, 4, 7)),
        (at(2026, 12, 24, 9), at(2026, 12, 26, 7)),  # joint leave and Christmas
        (at(2026, 12, 31, 20), at(2027, 1, 2, 7)),  # New Year's Day is in the next year's file
    ],
)
def test_quiet_hours_and_holidays_defer_to_the_next_morning(moment: datetime, allowed: datetime) -> None:
    assert allowed_from(DEFAULT, Zone.WIB_PONTIANAK, moment) == allowed


def test_quiet_hours_are_those_of_the_regions_zone() -> None:
    moment = datetime(2026, 11, 3, 22, 30, tzinfo=UTC)

    assert allowed_from(DEFAULT, Zone.WIT, moment) == moment  # 07.30 in Jayapura
    assert allowed_from(DEFAULT, Zone.WIB, moment) == datetime(2026, 11, 4, 0, tzinfo=UTC)  # 05.30 in Jakarta


def test_a_quiet_weekday_defers_to_the_day_after() -> None:
    policy = replaced(DEFAULT, quiet_days=(6, 7))

    assert allowed_from(policy, Zone.WIB, at(2026, 11, 7, 10)) == at(2026, 11, 9, 7)  # a Saturday


def test_a_policy_may_send_on_holidays() -> None:
    policy = replaced(DEFAULT, holidays_are_quiet=False)

    assert allowed_from(policy, Zone.WIB, at(2026, 12, 25, 9)) == at(2026, 12, 25, 9)


def test_what_can_never_be_allowed_defers_by_an_hour_each_time() -> None:
    policy = replaced(DEFAULT, quiet_days=tuple(range(1, 8)))

    assert allowed_from(policy, Zone.WIB, at(2026, 11, 7, 10)) == at(2026, 11, 7, 10) + ASK_AGAIN


def test_a_broken_file_of_holidays_defers_and_a_missing_one_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(year: int) -> frozenset[date]:
        raise BrokenHolidays(f"{year}.json cannot be read")

    monkeypatch.setattr("services.notifications.reminders.quiet_times.days_of", broken)

    assert allowed_from(DEFAULT, Zone.WIB, at(2026, 11, 3, 9)) == at(2026, 11, 3, 10)
    assert days_of(2039) == frozenset()


@pytest.mark.parametrize(
    "content", ["{", '{"year": 2026}', json.dumps({"year": 2025, "source": "s", "status": "transcribed", "days": []})]
)
def test_a_file_that_says_something_else_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "2026.json").write_text(content, "utf-8")

    with pytest.raises(BrokenHolidays):
        days_of(2026, tmp_path)


def test_the_holidays_of_2026_are_those_of_the_decree() -> None:
    found = holiday_year(2026)

    assert found is not None
    assert found.status == "transcribed"
    assert "1497" in found.source
    assert (len(found.days), sum(each.joint_leave for each in found.days)) == (25, 8)
    assert date(2026, 3, 21) in days_of(2026)


# --- An independent form: minute by minute ---

policies = st.builds(
    lambda begins, ends, days: replaced(DEFAULT, quiet_from=begins, quiet_until=ends, quiet_days=tuple(days)),
    st.sampled_from([time(0), time(12), time(18, 30), time(19), time(22)]),
    st.sampled_from([time(0), time(5), time(7), time(7, 30), time(13)]),
    st.sets(st.integers(1, 7), max_size=3),
)
moments = st.datetimes(datetime(2026, 12, 20), datetime(2027, 1, 10)).map(lambda it: it.replace(tzinfo=UTC))  # noqa: DTZ001


def naive(policy: AlertPolicy, holidays: Collection[date], zone: ZoneInfo, moment: datetime) -> datetime:
    """The first whole minute, or the moment itself, at which none of the rules forbids it."""
    begins, ends = policy.quiet_from, policy.quiet_until
    nightly = begins > ends
    first = moment
    for minute in range(30 * 24 * 60):
        local = moment.astimezone(zone)
        forbidden = local.isoweekday() in policy.quiet_days or local.date() in holidays
        hour = local.time()
        asleep = (hour >= begins or hour < ends) if nightly else (begins <= hour < ends)
        if not forbidden and not asleep:
            return moment if minute else first
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    raise AssertionError("never")


@settings(max_examples=60)
@given(policies, moments, st.sampled_from([PONTIANAK, JAYAPURA, ZoneInfo("Europe/Amsterdam")]))
def test_the_next_allowed_moment_agrees_with_a_search_minute_by_minute(
    policy: AlertPolicy, moment: datetime, zone: ZoneInfo
) -> None:
    holidays = days_of(2026) | days_of(2027)

    found = next_allowed(policy, holidays, zone, moment)

    assert found == naive(policy, holidays, zone, moment)
    assert found is not None
    assert not is_quiet(policy, holidays, zone, found)
