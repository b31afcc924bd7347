from __future__ import annotations

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.message import Message, Via
from services.notifications.sending.routing import (
    TRY_AGAIN,
    TRY_ANOTHER,
    WAIT_FOR_PREFERRED,
    GiveUp,
    Option,
    Try,
    Wait,
    route,
)
from tests.unit.notifications.messages.test_message import EMAIL, NOW, WHATSAPP, closed, new_message, opened

MAIL, PHONE = ChannelName.EMAIL, ChannelName.WHATSAPP
BOTH = [Option(PHONE), Option(MAIL)]


def blocked(channel: ChannelName, since: int = NOW) -> Option:
    return Option(channel, blocked_since=since, opens_at=NOW + 5_000)


def after(answer: AnswerClass, via: Via = WHATSAPP, message: Message | None = None) -> Message:
    message = message or new_message()
    return closed(opened(message, message.due, via=via), Answer(answer, "code"), message.due)


def test_the_preferred_channel_comes_first() -> None:
    assert route(new_message(), BOTH, NOW) == Try(PHONE)


def test_a_blocked_channel_is_waited_for_and_then_another_is_taken() -> None:
    options = [blocked(PHONE), Option(MAIL)]
    assert route(new_message(), options, NOW) == Wait(NOW + 5_000, blocked=True)
    assert route(new_message(), options, NOW + WAIT_FOR_PREFERRED) == Try(MAIL)


def test_without_any_usable_channel_the_first_that_opens_is_waited_for() -> None:
    options = [Option(PHONE, NOW - WAIT_FOR_PREFERRED, NOW + 9_000), blocked(MAIL, NOW - WAIT_FOR_PREFERRED)]
    assert route(new_message(), options, NOW) == Wait(NOW + 5_000, blocked=True)


def test_an_accepted_message_without_receipt_goes_through_the_other_channel() -> None:
    message = after(AnswerClass.ACCEPTED)
    assert route(message, BOTH, message.due) == Try(MAIL, fallback=True)
    waiting = message.attempts[0].expires_at
    assert route(message, [Option(PHONE)], message.due) == Wait(waiting)
    assert route(message, [Option(PHONE)], waiting) == GiveUp()
    assert route(message, [], waiting) == GiveUp()
    assert route(message, [Option(PHONE), blocked(MAIL)], message.due) == Wait(NOW + 5_000, blocked=True)


def test_a_channel_that_was_used_for_a_copy_is_not_used_for_another() -> None:
    message = after(AnswerClass.ACCEPTED)
    both = after(AnswerClass.RECIPIENT, Via("email", "smtp", fallback=True), message)
    assert route(both, BOTH, both.due) == Wait(message.attempts[0].expires_at)


def test_silence_is_repeated_once_through_the_same_channel() -> None:
    message = after(AnswerClass.UNANSWERED)
    assert route(message, BOTH, message.due) == Try(PHONE)
    again = after(AnswerClass.UNANSWERED, WHATSAPP, message)
    assert route(again, BOTH, again.due) == Try(MAIL, fallback=True)
    assert route(again, [Option(PHONE)], again.due) == GiveUp()


def test_an_attempt_that_a_crash_cut_off_is_repeated_through_the_same_channel() -> None:
    message = opened(new_message(), via=WHATSAPP)
    assert route(message, BOTH, message.due) == Try(PHONE)
    assert route(message, [Option(MAIL)], message.due) == Try(MAIL, fallback=True)


def test_what_a_provider_puts_off_for_an_hour_goes_through_another_channel() -> None:
    message = after(AnswerClass.TRANSIENT)
    assert route(message, BOTH, message.due) == Try(PHONE)
    assert route(message, BOTH, NOW + TRY_ANOTHER) == Try(MAIL)
    assert route(message, [Option(PHONE)], NOW + TRY_ANOTHER) == Try(PHONE)


def test_a_channel_that_is_away_does_not_begin_the_hour_of_the_other_one_anew() -> None:
    message = after(AnswerClass.TRANSIENT, message=after(AnswerClass.AWAY, EMAIL, after(AnswerClass.TRANSIENT)))
    assert route(message, BOTH, NOW + TRY_ANOTHER - 1) == Try(PHONE)
    assert route(message, BOTH, NOW + TRY_ANOTHER) == Try(MAIL)


def test_a_refused_request_or_template_goes_through_another_channel_or_waits_an_hour() -> None:
    for answer in (AnswerClass.TEMPLATE, AnswerClass.BUG):
        message = after(answer)
        assert route(message, BOTH, NOW) == Try(MAIL)
        assert route(message, [Option(PHONE)], NOW) == Wait(NOW + TRY_AGAIN)
        assert route(message, [Option(PHONE)], NOW + TRY_AGAIN) == Try(PHONE)


def test_a_refused_account_is_waited_for_like_any_blocked_channel() -> None:
    message = after(AnswerClass.ACCOUNT, EMAIL)
    options = [blocked(MAIL), Option(PHONE)]
    assert route(message, options, NOW) == Wait(NOW + 5_000, blocked=True)
    assert route(message, options, NOW + WAIT_FOR_PREFERRED) == Try(PHONE)
