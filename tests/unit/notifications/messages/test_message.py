from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime

import pytest

from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.attempt import BACK_OFF, LEASE, MOST_KEPT
from services.notifications.messages.message import NEVER, Message, MessageStatus, Via
from services.notifications.messages.outcome import FALLBACK_AFTER, TRY_ANOTHER, given_up, settles, with_answer
from services.notifications.state import replaced
from shared.contracts.message import ALERT_FAILED, ALERT_SENT, Alert, AlertSent, Reason
from shared.contracts.vocabulary import ReasonKind

NOW = 1_800_000_000_000
SETTLED = datetime(2027, 1, 2, tzinfo=UTC)
ACCEPTED = Answer(AnswerClass.ACCEPTED)
UNANSWERED = Answer(AnswerClass.UNANSWERED, "no-answer")
EMAIL = Via("email", "smtp")
WHATSAPP = Via("whatsapp", "cloud-api", receipts=True, ttl=3600)
DAY = 24 * 3600 * 1000


def alert(id: str = "one") -> Alert:
    reason = Reason(kind=ReasonKind.DUTY, what="overdue", region="61.12", agency="a", year=2026, deadline_revision=1)
    return Alert(id=id, reason=reason)


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


def opened(message: Message, now: int = NOW, current: Collection[str] = ("one", "two"), via: Via = EMAIL) -> Message:
    after = message.open_attempt(via, current, now)
    assert after is not None
    return after


def closed(message: Message, answer: Answer, now: int = NOW) -> Message:
    assert message.last is not None
    after = with_answer(message, message.last.number, answer, now, SETTLED)
    assert after is not None
    return after


def held(message: Message) -> Message:
    after = message.put_on_hold()
    assert after is not None
    return after


def test_an_attempt_is_open_before_anything_is_handed_over_and_only_one_can_be() -> None:
    message = opened(new_message())
    assert (message.status, message.due) == (MessageStatus.OPEN, NOW + LEASE * 1000)
    assert message.open_attempt(EMAIL, {"one"}, NOW + 1) is None


def test_an_accepted_message_is_done_without_receipts_and_never_opened_again() -> None:
    before = opened(new_message())
    message = closed(before, ACCEPTED)
    assert (message.status, message.done, message.due) == (MessageStatus.SENT, True, NEVER)
    assert message.open_attempt(EMAIL, {"one"}, NEVER - 1) is None
    assert settles(message, before)
    event = message.event()
    assert event is not None
    contract, payload = event
    assert contract is ALERT_SENT
    assert isinstance(payload, AlertSent)
    assert (payload.attempts, payload.possibly_repeated, payload.alerts[0].id) == (1, False, "one")


def test_with_receipts_an_accepted_message_is_looked_at_again_and_given_up_in_the_end() -> None:
    message = closed(opened(new_message(), via=WHATSAPP), ACCEPTED)
    assert (message.status, message.done, message.due) == (MessageStatus.SENT, False, NOW + FALLBACK_AFTER)
    later = NOW + 3 * 3600 * 1000
    after = given_up(message, later, SETTLED)
    assert after is not None
    assert (after.status, after.code, after.due) == (MessageStatus.UNDELIVERED, "no-receipt", NEVER)
    assert after.leaving == ()  # the address stays open, and nothing is sent there again
    assert settles(after, message)


def test_a_fallback_is_another_attempt_of_the_same_message_and_keeps_all_its_alerts() -> None:
    first = closed(opened(new_message("one", "two"), via=WHATSAPP), ACCEPTED)
    second = opened(first, first.due, current=("two",), via=replaced_via(EMAIL))
    assert [each.id for each in second.alerts] == ["one", "two"]
    done = closed(second, ACCEPTED, first.due + 1)
    assert (done.status, done.done, [each.fallback for each in done.attempts]) == ("sent", True, [False, True])


def replaced_via(via: Via) -> Via:
    return Via(via.channel, via.driver, receipts=via.receipts, fallback=True)


def test_a_temporary_refusal_is_retried_on_the_messages_own_clock_and_never_given_up() -> None:
    message, now, waits = new_message(), NOW, []
    while now < NOW + 3 * DAY:
        message = closed(opened(message, now), Answer(AnswerClass.TRANSIENT, "4.3.0"), now)
        waits.append(message.due - now)
        now = message.due
    hour = TRY_ANOTHER // 1000 - sum(BACK_OFF[:3])  # then another channel may be tried
    assert waits[:5] == [1000 * wait for wait in (*BACK_OFF[:3], hour, BACK_OFF[-1])]
    assert message.status is MessageStatus.WAITING
    assert not message.possibly_repeated
    assert len(message.attempts) == MOST_KEPT
    assert message.attempts[0].number == 1
    assert message.attempts[-1].number == len(waits)


def test_a_provider_that_is_away_for_two_days_leaves_two_attempts_and_counts_nothing() -> None:
    message, now = new_message(), NOW
    while now < NOW + 2 * DAY:
        message = closed(opened(message, now), Answer(AnswerClass.AWAY, "no-connection"), now)
        now += 300_000
    assert (message.status, message.failures, len(message.attempts)) == (MessageStatus.WAITING, 0, 3)
    assert closed(opened(message, now), ACCEPTED, now).status is MessageStatus.SENT


def test_an_attempt_that_is_still_open_after_its_lease_is_repeated_and_marked() -> None:
    interrupted = opened(new_message())
    again = opened(interrupted, interrupted.due)
    assert [each.possibly_repeated for each in again.attempts] == [False, True]
    assert again.mail == interrupted.mail
    assert closed(again, ACCEPTED).possibly_repeated


def test_the_late_answer_of_an_attempt_that_was_repeated_counts() -> None:
    interrupted = opened(new_message())
    again = opened(interrupted, interrupted.due)
    late = with_answer(again, 1, ACCEPTED, NOW, SETTLED)
    assert late is not None
    assert late.status is MessageStatus.SENT
    assert with_answer(late, 1, ACCEPTED, NOW, SETTLED) is None


def test_an_unanswered_attempt_stays_open_and_is_given_up_after_the_second() -> None:
    first = closed(opened(new_message()), UNANSWERED)
    assert (first.status, first.due) == (MessageStatus.OPEN, NOW + LEASE * 1000)
    second = closed(opened(first, first.due), UNANSWERED)
    after = given_up(second, second.due, SETTLED)
    assert after is not None
    assert (after.status, after.code, after.possibly_repeated) == (MessageStatus.UNDELIVERED, "no-answer", True)
    event = after.event()
    assert event is not None
    assert event[0] is ALERT_FAILED


def test_an_unknown_address_fails_at_once_and_releases_its_alerts() -> None:
    message = closed(opened(new_message()), Answer(AnswerClass.RECIPIENT, "5.1.1"))
    assert (message.status, message.code) == (MessageStatus.FAILED, "5.1.1")
    assert (message.leaving, message.release) == (("one",), True)
    after = message.released(["one"])
    assert after is not None
    assert (after.leaving, after.release, after.released(["one"])) == ((), False, None)


def test_alerts_that_are_no_longer_true_leave_the_message_and_an_empty_one_is_dropped() -> None:
    lighter = opened(new_message("one", "two"), current=("two",))
    assert ([each.id for each in lighter.alerts], lighter.leaving) == (["two"], ("one",))
    dropped = opened(new_message(), current=())
    assert (dropped.status, dropped.leaving) == (MessageStatus.DROPPED, ("one",))
    assert dropped.event() is None


def test_a_held_message_is_resumed_or_discarded_by_the_operator() -> None:
    message = held(new_message())
    assert message.open_attempt(EMAIL, {"one"}, NEVER) is None
    discarded, resumed = message.discard(), message.resume(NOW)
    assert discarded is not None
    assert resumed is not None
    assert (discarded.status, resumed.status) == (MessageStatus.DROPPED, MessageStatus.WAITING)
    interrupted = held(opened(new_message())).resume(NOW)
    assert interrupted is not None
    assert interrupted.possibly_repeated


def test_a_message_that_can_do_nothing_is_looked_at_again_later() -> None:
    message = new_message()
    after = message.look_again(NOW + 1, NOW)
    assert after is not None
    assert after.due == NOW + 1
    assert after.look_again(NOW + 2, NOW) is None


def test_a_field_that_a_message_does_not_have_cannot_be_set() -> None:
    with pytest.raises(TypeError, match="stauts"):
        replaced(new_message(), stauts=MessageStatus.SENT)
