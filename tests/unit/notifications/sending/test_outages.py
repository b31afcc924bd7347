"""Providers that are away, full, or refuse us: nothing is lost, nothing goes out twice, nothing fails for good."""

from __future__ import annotations

from collections import Counter

import pytest

from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.reminders.mode import Mode
from services.notifications.sending.channel import HandOver
from tests.support.notifications_service import person_id, set_mode
from tests.unit.notifications.sending.conftest import Both

AWAY = Answer(AnswerClass.AWAY, "no-connection")
PEOPLE = 30


async def people(both: Both, count: int = PEOPLE, **more: str | None) -> None:
    for number in range(count):
        await both.overdue(f"Orang{number}", of=f"Dinas {number}", **more)


async def sent_once(both: Both) -> None:
    """Every person was told, once."""
    told = Counter(each.attempt.partition("/")[0] for each in (*both.email.accepted, *both.whatsapp.accepted))
    assert told == Counter(person_id(name) for name in both.service.known)
    assert {each.value.status for each in await both.service.messages()} == {"sent"}
    assert "alert.failed" not in await both.events()


@pytest.mark.parametrize("hours", [1, 48])
async def test_everybody_is_told_once_after_the_mail_server_was_away(both: Both, hours: int) -> None:
    # Given a mail server that does not answer, and people who have no WhatsApp
    both.email.answer = AWAY
    count = PEOPLE if hours == 1 else 6
    await people(both, count, phone=None)

    # When it stays away while the sender runs every ten minutes
    for _ in range(hours * 6):
        await both.pass_by(minutes=10)
    tried = len(both.email.handed)
    assert tried <= hours * 6 + 2 * both.email.at_once  # one probe at a time, not everybody again and again

    # Then, once it answers, everybody is told, once
    both.email.answer = Answer(AnswerClass.ACCEPTED)
    for _ in range(3):
        await both.pass_by(minutes=5)
    await sent_once(both)
    assert len(both.email.accepted) == count


async def test_after_a_quarter_of_an_hour_the_other_channel_is_taken(both: Both) -> None:
    both.whatsapp.answer = AWAY
    await people(both, 5)
    for _ in range(3):
        await both.pass_by(minutes=4)
    assert both.email.handed == []
    for _ in range(3):
        await both.pass_by(minutes=5)
    await sent_once(both)
    assert len(both.email.accepted) == 5


async def test_a_second_copy_is_made_once_its_channel_is_back(both: Both) -> None:
    # Given a message that WhatsApp accepted without ever reporting, and a mail server that is away
    both.email.answer = AWAY
    await both.overdue()
    await both.send()
    for _ in range(8):
        await both.pass_by(minutes=10)
    assert both.email.accepted == []

    # When the mail server is back, and no other message finds that out
    both.email.answer = Answer(AnswerClass.ACCEPTED)
    for _ in range(2):
        await both.pass_by(minutes=5)

    # Then the second copy is made, and each of the two is one event
    assert (len(both.whatsapp.accepted), len(both.email.accepted)) == (1, 1)
    assert await both.events() == ["alert.sent", "alert.sent"]


@pytest.mark.parametrize("answer", [AnswerClass.TRANSIENT, AnswerClass.TEMPLATE])
async def test_what_one_channel_does_not_take_goes_out_once_the_other_is_back(both: Both, answer: AnswerClass) -> None:
    # Given a message that WhatsApp does not take, and a mail server that is away
    both.whatsapp.answer, both.email.answer = Answer(answer, "busy"), AWAY
    await both.overdue()
    await both.send()
    for _ in range(24):
        await both.pass_by(minutes=5)
    assert both.email.accepted == []

    # When the mail server is back, and no other message finds that out
    both.email.answer = Answer(AnswerClass.ACCEPTED)
    for _ in range(25):
        await both.pass_by(minutes=5)

    # Then it goes by e-mail, and WhatsApp was asked after 1, 5, 30 and 120 minutes at most
    await sent_once(both)
    assert (len(both.email.accepted), both.whatsapp.accepted) == (1, [])
    assert len(both.whatsapp.handed) <= 7


async def test_everybody_is_told_once_after_all_channels_were_away(both: Both) -> None:
    both.whatsapp.answer = both.email.answer = AWAY
    await people(both, 5)
    for _ in range(8):
        await both.pass_by(minutes=10)
    both.whatsapp.answer = both.email.answer = Answer(AnswerClass.ACCEPTED)
    for _ in range(4):
        await both.pass_by(minutes=3)
    await sent_once(both)


async def test_an_outage_that_is_over_sends_nobody_to_the_other_channel(both: Both) -> None:
    # Given an outage whose end no message has found out
    both.whatsapp.answer = AWAY
    await people(both, 3)
    for _ in range(6):
        await both.pass_by(minutes=5)
    assert len(both.email.accepted) == 3

    # When others are due a day later
    both.whatsapp.answer = Answer(AnswerClass.ACCEPTED)
    both.time.pass_by(days=1)
    for number in range(10, 15):
        await both.overdue(f"Orang{number}", of=f"Dinas {number}")
    for _ in range(3):
        await both.pass_by(seconds=2)

    # Then one of them finds out, and all take the channel that they prefer
    assert (len(both.whatsapp.accepted), len(both.email.accepted)) == (5, 3)


async def test_a_refused_account_stops_its_channel_and_is_probed_every_half_hour(both: Both) -> None:
    both.email.answer = Answer(AnswerClass.ACCOUNT, "5.7.8")
    await people(both, 5, phone=None)
    await both.send()
    assert len(both.email.handed) <= both.email.at_once
    assert await both.service.parts.sender.health.why_stopped() == "5.7.8"
    before = len(both.email.handed)
    for _ in range(6):
        await both.pass_by(minutes=4)
    assert len(both.email.handed) == before
    both.email.answer = Answer(AnswerClass.ACCEPTED)
    await both.pass_by(minutes=8)
    await both.pass_by(minutes=1)
    await sent_once(both)


async def test_a_restart_tries_a_stopped_channel_at_once(both: Both) -> None:
    both.email.answer = Answer(AnswerClass.ACCOUNT, "5.7.8")
    await people(both, 1, phone=None)
    await both.send()
    both.email.answer = Answer(AnswerClass.ACCEPTED)
    await both.pass_by(minutes=1)
    assert both.email.accepted == []
    await both.service.parts.start()
    await both.send()
    await sent_once(both)


async def test_a_policy_refusal_of_one_person_holds_up_nobody_else_and_of_three_stops_the_channel(both: Both) -> None:
    refused = {f"orang{number}@dinas.example" for number in range(1)}

    def answer(message: HandOver) -> Answer:
        return Answer(AnswerClass.TRANSIENT, "5.7.1") if message.to in refused else Answer(AnswerClass.ACCEPTED)

    both.email.answer = answer
    await people(both, 6, phone=None)
    await both.send()
    assert len(both.email.accepted) == 5
    assert await both.service.parts.sender.health.why_stopped() is None

    # When the next three persons in a row are refused
    refused |= {f"orang{number}@dinas.example" for number in range(6, 9)}
    await people_named(both, range(6, 9))
    await both.send()
    assert await both.service.parts.sender.health.why_stopped() == "5.7.1"


async def people_named(both: Both, numbers: range) -> None:
    for number in numbers:
        await both.overdue(f"Orang{number}", of=f"Dinas {number}", phone=None)


async def test_a_provider_that_asks_for_a_pause_gets_it(both: Both) -> None:
    both.email.answer = Answer(AnswerClass.THROTTLED, "4.5.3", wait=120)
    await people(both, 3, phone=None)
    await both.send()
    before = len(both.email.handed)
    both.email.answer = Answer(AnswerClass.ACCEPTED)
    await both.pass_by(seconds=100)
    assert len(both.email.handed) == before
    await both.pass_by(seconds=30)
    await sent_once(both)


async def test_a_pause_for_one_person_holds_up_nobody_else(both: Both) -> None:
    def answer(message: HandOver) -> Answer:
        if message.to.startswith("orang0@") and len(both.email.handed) < 3:
            return Answer(AnswerClass.THROTTLED, "131056", wait=60, person_only=True)
        return Answer(AnswerClass.ACCEPTED)

    both.email.answer = answer
    await people(both, 3, phone=None)
    await both.send()
    assert len(both.email.accepted) == 2
    await both.pass_by(seconds=61)
    await sent_once(both)


async def test_a_refused_template_is_not_used_again_and_the_other_channel_is_taken(both: Both) -> None:
    both.whatsapp.answer = Answer(AnswerClass.TEMPLATE, "132001")
    await people(both, 3)
    await both.send()
    await both.send()
    assert len(both.email.accepted) == 3
    tried = len(both.whatsapp.handed)
    await both.overdue("Sari", of="Dinas Sosial")
    await both.send()
    assert len(both.whatsapp.handed) == tried
    assert len(both.email.accepted) == 4


async def test_a_request_that_was_wrong_is_made_again_an_hour_later(both: Both) -> None:
    both.email.answer = Answer(AnswerClass.BUG, "5.5.2")
    await people(both, 1, phone=None)
    await both.send()
    await both.pass_by(minutes=50)
    assert len(both.email.handed) == 1
    both.email.answer = Answer(AnswerClass.ACCEPTED)
    await both.pass_by(minutes=11)
    await sent_once(both)


async def test_nothing_is_sent_in_mode_log_or_while_the_switch_is_off(both: Both) -> None:
    await people(both, 2)
    await set_mode(both.service.store, Mode.LOG)
    await both.send()
    assert (both.email.handed, both.whatsapp.handed) == ([], [])
    assert {each.value.status for each in await both.service.messages()} == {"waiting"}
    await set_mode(both.service.store, Mode.ALLOW_LIST, allowed=[person_id("Orang1")])
    await both.send()
    assert [each.attempt.partition("/")[0] for each in both.whatsapp.handed] == [person_id("Orang1")]
    await set_mode(both.service.store, Mode.LIVE, stopped=True)
    await both.send()
    assert len(both.whatsapp.handed) == 1
    await set_mode(both.service.store, Mode.LIVE)
    await both.send()
    assert len(both.whatsapp.handed) == 2
