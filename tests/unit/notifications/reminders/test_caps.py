from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.reminders.caps import AlertCount

DAY, NEXT = date(2026, 11, 3), date(2026, 11, 4)


def test_a_cap_allows_what_is_left_and_begins_anew_on_another_day() -> None:
    count = AlertCount().reserved(DAY, 8, 10)
    assert count.on(DAY) == 8
    assert count.reserved(DAY, 8, 10).on(DAY) == 10
    assert count.reserved(NEXT, 3, 10).on(NEXT) == 3


def test_what_was_not_needed_is_given_back() -> None:
    count = AlertCount(day=DAY, count=5)
    given_back = count.given_back(DAY, 2)
    assert given_back is not None
    assert given_back.on(DAY) == 3
    assert count.given_back(NEXT, 2) is None
    assert count.given_back(DAY, 0) is None


def test_a_cap_that_was_lowered_takes_nothing_away() -> None:
    assert AlertCount(day=DAY, count=5).reserved(DAY, 1, 3).on(DAY) == 5


@given(st.lists(st.integers(0, 5)), st.integers(0, 12))
def test_together_they_never_exceed_the_cap(wanted: list[int], cap: int) -> None:
    count, allowed = AlertCount(), 0
    for each in wanted:
        after = count.reserved(DAY, each, cap)
        allowed += after.on(DAY) - count.on(DAY)
        count = after
    assert allowed == min(sum(wanted), cap)
