from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.notifications.messages.attempt import BACK_OFF, GIVE_UP_AFTER, LEASE, TAKEN, AttemptOutcome, Result
from services.notifications.messages.message import NEVER, Message, MessageStatus
from services.notifications.state import replaced
from shared.contracts.message import ALERT_FAILED, ALERT_SENT, Alert, AlertSent

NOW = 1_800_000_000_000
SETTLED = datetime(2027, 1, 2, tzinfo=UTC)
LATER = AttemptOutcome(Result.LATER, "4.3.0")
UNANSWERED = AttemptOutcome(Result.UNANSWERED, "no-answer")


def alert(id: str = "one") -> Alert:
    return Alert(id=id, agency="a", year=2026, deadline_revision=1, stage="overdue")


def new_message(*ids: str) -> Message:
    return Message(
        person="p",
        number=1,
        region="61.12",
        as_of=date(2027, 1, 2),
        mail="mail",
        alerts=tuple(alert(id) for id in ids or ("one",)),
        due=NOW,
    )


def opened(message: Message, now: int = NOW, current: tuple[str, ...] = ("one", "two")) -> Message:
    after = message.open_attempt("email", current, now)
    assert after is not None
    return after


def closed(message: Message, outcome: AttemptOutcome, now: int = NOW) -> Message:
    after = message.close_attempt(len(message.attempts), outcome, now, SETTLED)
    assert after is not None
    return after


def held(message: Message) -> Message:
    after = message.put_on_hold()
    assert after is not None
    return after


def test_an_attempt_is_open_before_anything_is_handed_over_and_only_one_can_be() -> None:
    message = opened(new_message())
    assert (message.status, message.due) == (MessageStatus.OPEN, NOW + LEASE * 1000)
    assert message.open_attempt("email", {"one"}, NOW + 1) is None


def test_an_accepted_message_is_sent_and_never_opened_again() -> None:
    message = closed(opened(new_message()), TAKEN)
    assert message.status is MessageStatus.SENT
    assert message.open_attempt("email", {"one"}, NEVER - 1) is None
    event = message.event()
    assert event is not None
    contract, payload = event
    assert contract is ALERT_SENT
    assert isinstance(payload, AlertSent)
    assert (payload.attempts, payload.possibly_repeated, payload.alerts[0].id) == (1, False, "one")


def test_a_temporary_refusal_is_retried_on_the_messages_own_clock_for_a_day() -> None:
    message, now, waits = new_message(), NOW, []
    while message.status is not MessageStatus.FAILED:
        message = closed(opened(message, now), LATER, now)
        waits.append(message.due - now)
        now = message.due
    assert waits[:5] == [1000 * wait for wait in (*BACK_OFF, BACK_OFF[-1])]
    assert sum(waits[:-1]) >= GIVE_UP_AFTER * 1000 > sum(waits[:-2])
    event = message.event()
    assert event is not None
    assert event[0] is ALERT_FAILED
    assert not message.possibly_repeated


def test_an_attempt_that_is_still_open_after_its_lease_is_repeated_and_marked() -> None:
    interrupted = opened(new_message())
    again = opened(interrupted, interrupted.due)
    assert [each.possibly_repeated for each in again.attempts] == [False, True]
    assert again.mail == interrupted.mail
    assert closed(again, TAKEN).possibly_repeated


def test_the_outcome_of_an_attempt_that_was_repeated_is_not_stored() -> None:
    interrupted = opened(new_message())
    again = opened(interrupted, interrupted.due)
    assert again.close_attempt(1, TAKEN, NOW, SETTLED) is None


def test_an_unanswered_attempt_stays_open_and_is_repeated_once() -> None:
    first = closed(opened(new_message()), UNANSWERED)
    assert (first.status, first.due) == (MessageStatus.OPEN, NOW + LEASE * 1000)
    second = closed(opened(first, first.due), UNANSWERED)
    assert (second.status, second.code, second.possibly_repeated) == (MessageStatus.FAILED, "no-answer", True)


def test_an_unknown_address_fails_at_once_and_releases_its_alerts() -> None:
    message = closed(opened(new_message()), AttemptOutcome(Result.BAD_ADDRESS, "5.1.1"))
    assert (message.status, message.code) == (MessageStatus.FAILED, "5.1.1")
    assert (message.leaving, message.release) == (("one",), True)
    after = message.released(["one"])
    assert after is not None
    assert (after.leaving, after.release, after.released(["one"])) == ((), False, None)


def test_a_stopped_channel_does_not_count_as_a_failure_of_the_message() -> None:
    message = closed(opened(new_message()), AttemptOutcome(Result.STOPPED, "5.7.1"))
    assert (message.status, message.trying_since, message.failures) == (MessageStatus.WAITING, None, 0)


def test_alerts_that_are_no_longer_true_leave_the_message_and_an_empty_one_is_dropped() -> None:
    lighter = opened(new_message("one", "two"), current=("two",))
    assert ([each.id for each in lighter.alerts], lighter.leaving) == (["two"], ("one",))
    dropped = opened(new_message(), current=())
    assert (dropped.status, dropped.leaving) == (MessageStatus.DROPPED, ("one",))
    assert dropped.event() is None


def test_a_held_message_is_resumed_or_discarded_by_the_operator() -> None:
    message = held(new_message())
    assert message.open_attempt("email", {"one"}, NEVER) is None
    discarded, resumed = message.discard(), message.resume(NOW)
    assert discarded is not None
    assert resumed is not None
    assert (discarded.status, resumed.status) == (MessageStatus.DROPPED, MessageStatus.WAITING)
    interrupted = held(opened(new_message())).resume(NOW)
    assert interrupted is not None
    assert interrupted.possibly_repeated


def test_a_field_that_a_message_does_not_have_cannot_be_set() -> None:
    with pytest.raises(TypeError, match="stauts"):
        replaced(new_message(), stauts=MessageStatus.SENT)
