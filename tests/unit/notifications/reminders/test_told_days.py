"""A sweep that looks only on the days that were noted finds what one finds that looks every day, on the same day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.questions.asked import Questions
from services.notifications.reminders.reasons import dated_reasons
from shared.contracts.continuation import RightExpiry, RightsKind
from shared.contracts.innovation import WithdrawalStep
from shared.contracts.message import Reason

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=each) for each in range(420)]

days = st.integers(-40, 460).map(lambda each: FIRST + timedelta(days=each))
rights = st.lists(days, max_size=2).map(
    lambda ends: tuple(
        RightExpiry(number=number, kind=RightsKind.TRADEMARK, expires_on=day) for number, day in enumerate(ends, 1)
    )
)


@st.composite
def questions(draw: st.DrawFn) -> Questions:
    asked = draw(st.none() | days)
    since = draw(st.none() | days)
    return Questions(
        innovation="i1",
        region="61.12",
        agency="a1",
        year=2026,
        verified=draw(st.booleans()),
        stopped=draw(st.booleans()),
        follow_up=1,
        asked_on=asked,
        until=None if asked is None else asked + timedelta(days=draw(st.integers(0, 60))),
        lapsed=1,
        lapsed_on=draw(st.none() | days),
        rights=draw(rights),
        staffed_until=draw(st.none() | days),
        staffing=1,
        withdrawal=1,
        withdrawal_step=None if since is None else draw(st.sampled_from(WithdrawalStep)),
        withdrawal_since=None if since is None else datetime(since.year, since.month, since.day, 20, tzinfo=UTC),
    )


@settings(max_examples=120, deadline=None)
@given(questions())
def test_what_is_noted_is_enough(known: Questions) -> None:
    opens = look = known.opens()
    every_day: dict[Reason, date] = {}
    by_notes: dict[Reason, date] = {}
    for day in DAYS:
        due = [each.reason for each in dated_reasons(known, day)]
        for reason in due:
            every_day.setdefault(reason, day)
        assert not due or opens <= day.toordinal(), "it would not be among what is read"
        if look <= day.toordinal():
            for reason in due:
                by_notes.setdefault(reason, day)
            opens, look = known.opens(day), known.look(day)
            assert look > day.toordinal()

    assert by_notes == every_day
