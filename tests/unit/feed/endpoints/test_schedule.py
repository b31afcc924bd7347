from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.feed.endpoints.outcome import Failure, Move, Outcome, move_after
from services.feed.endpoints.progress import LEASE, Progress, Wanted, WantedKind
from services.feed.endpoints.schedule import HOPELESS_AFTER, seconds_of, wait_after

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
DAY = 86_400_000


def test_the_steps_are_those_of_the_issue() -> None:
    waits = [wait_after(failures, None, 0.0) for failures in range(1, 9)]
    assert waits == [5, 300, 1800, 7200, 18_000, 36_000, 36_000, 36_000]


def test_jitter_makes_a_wait_longer_by_a_tenth_at_most() -> None:
    assert wait_after(2, None, 1.0) == pytest.approx(330)


def test_retry_after_can_only_make_a_wait_longer_and_never_beyond_a_day() -> None:
    assert wait_after(1, 60.0, 0.0) == 60
    assert wait_after(3, 60.0, 0.0) == 1800
    assert wait_after(1, 10_000_000.0, 0.0) == 86_400


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Mon, 01 Jun 2026 03:01:00 GMT", 60.0),
        ("Mon, 01 Jun 2026 02:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("9" * 5_000, 999_999_999.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert seconds_of(header, NOW) == seconds


def test_an_accepted_event_moves_the_cursor_and_410_disables() -> None:
    assert [move_after(Outcome(status=code), 0) for code in (200, 204, 299)] == [Move.ADVANCE] * 3
    assert move_after(Outcome(status=410), 0) is Move.DISABLE
    assert [move_after(Outcome(status=code), 0) for code in (199, 301, 302, 400, 404, 429, 500)] == [Move.WAIT] * 7


def test_the_next_event_is_tried_only_when_the_short_steps_are_used_up_and_the_event_may_have_arrived() -> None:
    refused = Outcome(status=500)
    assert [move_after(refused, failures) for failures in (0, 4, 5, 20)] == [
        Move.WAIT,
        Move.WAIT,
        Move.TRY_NEXT,
        Move.TRY_NEXT,
    ]
    reached = {failure: move_after(Outcome(failure=failure), 9) is Move.TRY_NEXT for failure in Failure}
    assert {failure for failure, tried in reached.items() if tried} == {Failure.TIMEOUT, Failure.NO_ANSWER}


def test_an_endpoint_is_hopeless_after_five_days_of_failures() -> None:
    progress, now = Progress().failed(0, None, 0.0), 0
    while not progress.is_hopeless(0, now):
        now = progress.due
        progress = progress.failed(now, None, 0.0)
    assert HOPELESS_AFTER <= timedelta(milliseconds=now) < HOPELESS_AFTER + timedelta(hours=10)
    assert progress.failures == 18


def test_a_process_that_was_stopped_for_five_days_has_not_tried_for_five_days() -> None:
    progress = Progress().failed(0, None, 0.0).failed(6 * DAY, None, 0.0)
    assert not progress.is_hopeless(0, 6 * DAY)


def test_failures_before_an_endpoint_was_enabled_do_not_count() -> None:
    progress = Progress(failures=9, failing_since=0)
    assert progress.is_hopeless(0, 6 * DAY)
    assert not progress.is_hopeless(2 * DAY, 6 * DAY)


def test_a_success_forgets_the_failures() -> None:
    assert Progress().failed(5, None, 0.0).accepted("c") == Progress(cursor="c")


def test_a_lease_ends_after_30_seconds_and_at_once_when_the_clock_was_set_back() -> None:
    held = Progress().leased("t", 1_000_000)
    length = LEASE // timedelta(milliseconds=1)
    assert [held.is_free(1_000_000 + after) for after in (0, length - 1, length)] == [False, False, True]
    assert held.is_free(0)


def test_a_wait_from_before_the_clock_was_set_back_is_over() -> None:
    progress = Progress().failed(10 * DAY, None, 0.0)
    assert not progress.has_work(10 * DAY)
    assert progress.has_work(0)


def test_a_request_is_kept_once_also_after_it_was_done() -> None:
    wanted = Wanted(kind=WantedKind.TEST, id="r1")
    progress = Progress().wanting(wanted)
    assert progress is not None
    assert progress.wanting(wanted) is None
    assert progress.without(wanted).wanting(wanted) is None
