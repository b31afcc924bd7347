from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.reminders.ladder import OPENED_AGAIN, next_begin, rung_on, rungs
from services.notifications.reminders.policy.alert_policy import DEFAULT, AlertPolicy
from services.notifications.state import replaced

DEADLINE = date(2026, 12, 31)
OPEN, OVERDUE = ObligationPhase.OPEN, ObligationPhase.OVERDUE


def stage_on(day: date, phase: ObligationPhase, opened_on: date | None = None, policy: AlertPolicy = DEFAULT) -> str:
    rung = rung_on(rungs(policy, DEADLINE, opened_on), day, phase)
    return rung.stage if rung else ""


@pytest.mark.parametrize(
    ("day", "phase", "stage"),
    [
        (date(2026, 10, 31), OPEN, ""),
        (date(2026, 11, 1), OPEN, "before-60"),  # 60 days before
        (date(2026, 11, 30), OPEN, "before-60"),
        (date(2026, 12, 1), OPEN, "before-30"),
        (date(2026, 12, 17), OPEN, "before-14"),
        (date(2026, 12, 24), OPEN, "before-7"),
        (date(2026, 12, 30), OPEN, "before-1"),
        (date(2026, 12, 31), OPEN, "before-1"),
        (date(2026, 12, 31), OVERDUE, ""),  # a deadline with an hour has passed: from the next morning on
        (date(2027, 1, 1), OVERDUE, "overdue"),
        (date(2027, 1, 7), OVERDUE, "overdue"),
        (date(2027, 1, 8), OVERDUE, "overdue-8"),
        (date(2027, 1, 15), OVERDUE, "overdue-15"),
        (date(2027, 1, 22), OVERDUE, "overdue-22"),
        (date(2027, 1, 29), OVERDUE, "overdue-29"),
        (date(2027, 2, 4), OVERDUE, "overdue-29"),
        (date(2027, 2, 5), OVERDUE, ""),  # the last stage lasts seven days
    ],
)
def test_a_stage_is_due_from_its_day_until_the_next_begins(day: date, phase: ObligationPhase, stage: str) -> None:
    assert stage_on(day, phase) == stage


def test_stages_before_the_deadline_need_an_open_duty_and_those_after_it_an_overdue_one() -> None:
    assert stage_on(date(2026, 12, 1), OVERDUE) == ""
    assert stage_on(date(2027, 1, 1), OPEN) == ""
    for phase in set(ObligationPhase) - {OPEN, OVERDUE}:
        assert not any(stage_on(DEADLINE + timedelta(days=each), phase) for each in range(-70, 40))


def test_in_a_new_spell_opened_again_stands_for_all_stages_that_have_begun() -> None:
    opened = date(2026, 12, 20)  # before-60, -30 and -14 have begun

    found = [stage_on(opened + timedelta(days=each), OPEN, opened) for each in range(-1, 12)]

    assert found == ["", *["opened-again"] * 4, *["before-7"] * 6, *["before-1"] * 2]


def test_opened_again_is_due_also_when_no_stage_has_begun() -> None:
    opened = date(2026, 3, 1)

    assert stage_on(opened, OPEN, opened) == OPENED_AGAIN
    assert stage_on(date(2026, 10, 31), OPEN, opened) == OPENED_AGAIN
    assert stage_on(date(2026, 11, 1), OPEN, opened) == "before-60"


def test_stages_after_the_deadline_count_from_the_later_of_deadline_and_spell() -> None:
    opened = date(2027, 3, 10)

    assert stage_on(opened, OVERDUE, opened) == OPENED_AGAIN
    assert stage_on(date(2027, 3, 11), OVERDUE, opened) == "overdue"
    assert stage_on(date(2027, 3, 18), OVERDUE, opened) == "overdue-8"
    assert stage_on(date(2027, 4, 8), OVERDUE, opened) == "overdue-29"
    assert stage_on(date(2027, 4, 15), OVERDUE, opened) == ""


def test_a_leap_day_counts() -> None:
    ladder = rungs(DEFAULT, date(2028, 3, 1))

    assert [rung.first for rung in ladder if rung.stage == "before-1"] == [date(2028, 2, 29)]
    assert [rung.first for rung in ladder if rung.stage == "before-30"] == [date(2028, 1, 31)]


def test_another_policy_gives_other_stages() -> None:
    policy = replaced(DEFAULT, before=(10,), after=(1, 3))

    assert stage_on(date(2026, 12, 20), OPEN, policy=policy) == ""
    assert stage_on(date(2026, 12, 21), OPEN, policy=policy) == "before-10"
    assert stage_on(date(2027, 1, 3), OVERDUE, policy=policy) == "overdue-3"


# --- An independent form: day by day, backwards ---

days = st.dates(date(2023, 1, 1), date(2029, 12, 31))
policies = st.builds(
    lambda before, after: replaced(
        DEFAULT, before=tuple(sorted(before, reverse=True)), after=tuple(sorted({1, *after}))
    ),
    st.sets(st.integers(1, 90), min_size=1, max_size=6),
    st.sets(st.integers(1, 60), max_size=5),
)


def naive(policy: AlertPolicy, deadline: date, opened: date | None, day: date, phase: ObligationPhase) -> str:
    """The stage that began last, asked for each day on its own."""
    base = deadline if opened is None or opened < deadline else opened
    if opened is not None and day < opened:
        return ""
    for back in range(2_000):
        then = day - timedelta(days=back)
        for number in policy.after:
            if then == base + timedelta(days=number) and (opened is None or then > opened):
                long_ago = back >= 7 and number == max(policy.after)
                right = phase is OVERDUE and not long_ago
                return ("overdue" if number == 1 else f"overdue-{number}") if right else ""
        for number in policy.before:
            if then + timedelta(days=number) == deadline and (opened is None or then > opened):
                return f"before-{number}" if phase is OPEN else ""
        if then == opened:
            return "opened-again"
        if opened is None and (deadline - then).days > max(policy.before):
            return ""
    return ""


@given(
    policies,
    days,
    st.one_of(st.none(), st.integers(-300, 120)),
    st.integers(-320, 200),
    st.sampled_from([OPEN, OVERDUE]),
)
def test_the_ladder_agrees_with_a_search_day_by_day(
    policy: AlertPolicy, deadline: date, opened: int | None, after: int, phase: ObligationPhase
) -> None:
    opened_on = None if opened is None else deadline + timedelta(days=opened)
    day = deadline + timedelta(days=after)

    rung = rung_on(rungs(policy, deadline, opened_on), day, phase)

    assert (rung.stage if rung else "") == naive(policy, deadline, opened_on, day, phase)


@given(policies, days, st.one_of(st.none(), st.integers(-300, 120)), st.integers(-320, 200))
def test_nothing_begins_between_a_look_and_the_next_day_that_it_names(
    policy: AlertPolicy, deadline: date, opened: int | None, after: int
) -> None:
    ladder = rungs(policy, deadline, None if opened is None else deadline + timedelta(days=opened))
    day = deadline + timedelta(days=after)
    following = next_begin(ladder, day)

    begins = sorted(rung.first for rung in ladder if rung.first > day)

    assert following == (begins[0] if begins else None)


@given(policies, days, st.one_of(st.none(), st.integers(-300, 120)))
def test_at_most_one_stage_is_due_on_a_day(policy: AlertPolicy, deadline: date, opened: int | None) -> None:
    ladder = rungs(policy, deadline, None if opened is None else deadline + timedelta(days=opened))

    assert all(one.last < other.first for one, other in pairwise(ladder))
    assert all(rung.first <= rung.last for rung in ladder)
