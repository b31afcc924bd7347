"""Each new address is asked for by a message of its own, through its own channel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.confirmation import ConfirmationToken
from services.notifications.contacts.repositories import contact_repository
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.message import MessageStatus
from services.notifications.sending.channel import HandOver
from shared.storage.steps import without_event
from tests.support.fake_channel import MachineTime
from tests.support.notifications_service import agency_id
from tests.unit.notifications.sending.conftest import Both, open_both


@pytest.fixture
async def both(tmp_path: Path, machine_time: MachineTime) -> AsyncIterator[Both]:
    async with open_both(tmp_path, machine_time, public_url="https://inovasi.example") as both:
        yield both


MARK = "/notifications/v1/confirm/"


def whats(message: HandOver) -> list[str]:
    return sorted(each.reason.what for each in message.content.alerts)


def token(message: HandOver) -> ConfirmationToken | None:
    """Of the link in a message; None without one."""
    content = message.content
    for text in (content.text, content.link, *content.variables):
        if MARK in text:
            return ConfirmationToken.parse(text.partition(MARK)[2].split()[0])
    return None


async def confirm(both: Both, person: str, channel: ChannelName) -> None:
    await contact_repository(both.service.store).amend(
        person, None, without_event(lambda contact: contact.with_confirmed(channel, contact.address(channel)))
    )


async def rounds(both: Both, count: int = 3) -> None:
    for _ in range(count):
        both.service.parts.queue.wake_agency(agency_id("Dinas Kesehatan"))
        await both.service.parts.sweep.run()
        await both.send()


async def test_each_address_of_a_new_contact_is_asked_for_through_its_own_channel(both: Both) -> None:
    # Given a contact with a number, which is preferred, and an e-mail address
    await both.overdue(to_confirm=True)
    # When all is told that is due
    await rounds(both)
    # Then each address is asked for by itself: a WhatsApp message has room for one link
    assert [whats(each) for each in both.whatsapp.handed] == [["overdue"], ["confirm"]]
    assert [whats(each) for each in both.email.handed] == [["confirm"]]
    contact = await both.contact()
    key = await both.service.parts.confirmation_key.load()
    for message in (both.whatsapp.handed[1], both.email.handed[0]):
        found = token(message)
        assert found is not None
        assert message.to == contact.address(found.channel)
        assert found.belongs_to(contact, key)


async def test_an_address_that_is_added_beside_a_confirmed_one_is_asked_for(both: Both) -> None:
    person = await both.overdue(email=None, to_confirm=True)
    await confirm(both, person, ChannelName.WHATSAPP)
    await both.send()
    await both.correct(person, email="budi.baru@dinas.example")
    await rounds(both)
    assert [whats(each) for each in both.whatsapp.handed] == [["overdue"]]
    assert [(each.to, whats(each)) for each in both.email.handed] == [("budi.baru@dinas.example", ["confirm"])]


async def test_what_asks_for_an_address_has_no_second_copy_on_another_channel(both: Both) -> None:
    person = await both.overdue(phone=None)
    await both.send()
    await both.correct(person, phone="+6281234567899")
    await rounds(both, 1)
    assert [whats(each) for each in both.whatsapp.handed] == [["confirm"]]
    await both.pass_by(minutes=20)
    await both.pass_by(hours=14)
    assert [whats(each) for each in both.email.handed] == [["overdue"]]
    assert (await both.service.message(number=2)).status is MessageStatus.UNDELIVERED


async def test_a_message_that_takes_the_other_channel_leaves_the_question_to_its_own(both: Both) -> None:
    # Given a mail with a duty and a question, and a mail server that is away
    both.email.answer = Answer(AnswerClass.AWAY, "refused")
    await confirm(both, await both.overdue(to_confirm=True, preferred=ChannelName.EMAIL), ChannelName.WHATSAPP)
    await both.send()
    await both.pass_by(seconds=6)
    # When the message goes by WhatsApp after a while, and the mail server answers again
    await both.pass_by(minutes=16)
    await both.pass_by(seconds=2)
    assert [whats(each) for each in both.whatsapp.accepted] == [["overdue"]]
    await both.report(both.whatsapp.receipt("delivered"))
    both.email.answer = Answer(AnswerClass.ACCEPTED)
    await rounds(both)
    await both.pass_by(minutes=16)
    # Then the mail address is asked for by itself
    assert [whats(each) for each in both.email.accepted] == [["confirm"]]
    assert [whats(each) for each in both.whatsapp.accepted] == [["overdue"]]


async def test_a_mail_says_what_is_due_and_asks_for_its_address(both: Both) -> None:
    await both.overdue(to_confirm=True, phone=None)
    await rounds(both)
    assert [whats(each) for each in both.email.handed] == [["confirm", "overdue"]]
    assert token(both.email.handed[0]) is not None


async def test_a_number_that_is_refused_is_not_asked_for_at_the_same_moment(both: Both) -> None:
    both.whatsapp.answer = Answer(AnswerClass.RECIPIENT, "131026")
    await both.overdue(to_confirm=True)
    for _ in range(2):
        await both.send()
    assert [whats(each) for each in both.whatsapp.handed] == [["overdue"]]
    await rounds(both)
    assert [whats(each) for each in both.email.handed] == [["confirm"]]  # the day's three messages are used up
