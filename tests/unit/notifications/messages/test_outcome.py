"""What each class of answer makes of a message, in each state that it can find it in."""

from __future__ import annotations

import pytest

from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.attempt import BACK_OFF
from services.notifications.messages.message import NEVER, Message, Via
from services.notifications.messages.outcome import (
    AWAY_RETRY,
    FALLBACK_AFTER,
    THROTTLED_RETRY,
    TRY_ANOTHER,
    settles,
    with_answer,
)
from tests.unit.notifications.messages.test_message import EMAIL, NOW, SETTLED, WHATSAPP, closed, new_message, opened

ACCEPTED = Answer(AnswerClass.ACCEPTED)
LEASE_MS = 180_000

FIRST = {
    # class: (status, milliseconds to the next look, event, alerts released)
    (AnswerClass.ACCEPTED, "email"): ("sent", None, "alert.sent", False),
    (AnswerClass.ACCEPTED, "whatsapp"): ("sent", FALLBACK_AFTER, "alert.sent", False),
    (AnswerClass.AWAY, "email"): ("waiting", AWAY_RETRY, None, False),
    (AnswerClass.TRANSIENT, "email"): ("waiting", 60_000, None, False),
    (AnswerClass.THROTTLED, "email"): ("waiting", THROTTLED_RETRY, None, False),
    (AnswerClass.RECIPIENT, "email"): ("failed", None, "alert.failed", True),
    (AnswerClass.RECIPIENT, "whatsapp"): ("failed", None, "alert.failed", True),
    (AnswerClass.TEMPLATE, "whatsapp"): ("waiting", 0, None, False),
    (AnswerClass.ACCOUNT, "email"): ("waiting", 0, None, False),
    (AnswerClass.BUG, "email"): ("waiting", 0, None, False),
    (AnswerClass.UNANSWERED, "email"): ("open", LEASE_MS, None, False),
}
AFTER_A_WHATSAPP_WITHOUT_RECEIPT = {
    # the second copy by e-mail: what the first attempt may still tell is waited for, and was said already
    AnswerClass.ACCEPTED: ("sent", None, "alert.sent"),
    AnswerClass.AWAY: ("sent", AWAY_RETRY, None),
    AnswerClass.TRANSIENT: ("sent", 60_000, None),
    AnswerClass.RECIPIENT: ("sent", 0, None),
    AnswerClass.UNANSWERED: ("open", LEASE_MS, None),
}
VIA = {"email": EMAIL, "whatsapp": WHATSAPP}


def event_of(after: Message, before: Message) -> str | None:
    event = after.event() if settles(after, before) else None
    return event[0].type if event else None


@pytest.mark.parametrize(("answer", "channel"), FIRST)
def test_the_first_answer_decides_by_its_class(answer: AnswerClass, channel: str) -> None:
    before = opened(new_message(), via=VIA[channel])
    after = closed(before, Answer(answer, "code"))
    look = None if after.due == NEVER else after.due - NOW
    assert (after.status, look, event_of(after, before), bool(after.leaving)) == FIRST[answer, channel]


@pytest.mark.parametrize("answer", AFTER_A_WHATSAPP_WITHOUT_RECEIPT)
def test_the_answer_to_a_second_copy_never_takes_back_the_first(answer: AnswerClass) -> None:
    first = closed(opened(new_message(), via=WHATSAPP), ACCEPTED)
    before = opened(first, first.due, via=Via("email", "smtp", fallback=True))
    after = closed(before, Answer(answer, "code"), first.due)
    look = None if after.due == NEVER else after.due - first.due
    assert (after.status, look, event_of(after, before)) == AFTER_A_WHATSAPP_WITHOUT_RECEIPT[answer]
    assert after.leaving == ()


def test_a_provider_says_how_long_to_wait() -> None:
    after = closed(opened(new_message()), Answer(AnswerClass.THROTTLED, "130429", wait=7.5))
    assert after.due == NOW + 7500


def test_failures_are_counted_for_one_channel_and_forgotten_by_another_answer() -> None:
    once = closed(opened(new_message()), Answer(AnswerClass.TRANSIENT, "4.3.0"))
    twice = closed(opened(once, once.due), Answer(AnswerClass.TRANSIENT, "4.3.0"), once.due)
    other = closed(opened(twice, twice.due, via=WHATSAPP), Answer(AnswerClass.TRANSIENT, "131000"), twice.due)
    assert [each.failures for each in (once, twice, other)] == [1, 2, 1]
    away = closed(opened(other, other.due, via=WHATSAPP), Answer(AnswerClass.AWAY), other.due)
    assert away.failures == 0


@pytest.mark.parametrize("answer", [AnswerClass.AWAY, AnswerClass.ACCOUNT])
def test_what_put_the_message_off_is_still_counted_after_the_other_channel_was_away(answer: AnswerClass) -> None:
    # Given a message that was put off for an hour, and then found the other channel away
    message = new_message()
    for _ in BACK_OFF:
        now = max(NOW, message.due)
        message = closed(opened(message, now, via=WHATSAPP), Answer(AnswerClass.TRANSIENT, "131000"), now)
    assert message.due == NOW + TRY_ANOTHER
    message = closed(opened(message, message.due, via=EMAIL), Answer(answer), message.due)

    # When it is put off again, then it waits for two hours, not for a minute
    now = message.due
    again = closed(opened(message, now, via=WHATSAPP), Answer(AnswerClass.TRANSIENT, "131000"), now)
    assert (again.failures, again.due - now) == (len(BACK_OFF) + 1, 1000 * BACK_OFF[-1])


def test_an_answer_counts_once() -> None:
    message = closed(opened(new_message()), ACCEPTED)
    assert with_answer(message, 1, Answer(AnswerClass.RECIPIENT, "5.1.1"), NOW, SETTLED) is None
    assert with_answer(message, 2, ACCEPTED, NOW, SETTLED) is None
