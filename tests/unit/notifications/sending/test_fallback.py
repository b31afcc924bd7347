"""Without a receipt within 15 minutes, the other channel is a further attempt of the same message."""

from __future__ import annotations

from datetime import UTC, date, datetime

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.answer import Answer, AnswerClass
from shared.contracts.vocabulary import InnovationStatus
from tests.support.notifications_service import agency_id, deadline, innovation, region
from tests.unit.notifications.sending.conftest import NOON, Both


async def test_a_message_without_a_receipt_is_sent_once_more_through_the_other_channel(both: Both) -> None:
    # Given a message that WhatsApp accepted, and of which it reports nothing
    await both.overdue()
    await both.send()
    await both.pass_by(minutes=14)
    assert (len(both.whatsapp.handed), len(both.email.handed)) == (1, 0)

    # When a quarter of an hour is over
    await both.pass_by(minutes=1)

    # Then the same message is handed over by e-mail, says so, and is never sent a third time
    (mail,) = both.email.handed
    assert "juga dikirim lewat" in mail.content.text
    assert "juga dikirim lewat" not in both.whatsapp.handed[0].content.text
    message = await both.service.message()
    assert [(each.channel, each.fallback) for each in message.attempts] == [("whatsapp", False), ("email", True)]
    assert (message.status, message.done) == ("sent", True)
    for hours in (1, 24, 24 * 20):
        await both.pass_by(hours=hours)
    assert (len(both.whatsapp.handed), len(both.email.handed)) == (1, 1)
    assert len(await both.service.messages()) == 1


async def test_a_delivered_message_needs_no_second_copy(both: Both) -> None:
    await both.overdue()
    await both.send()
    await both.report(both.whatsapp.receipt("delivered"))
    await both.pass_by(hours=30)
    assert both.email.handed == []
    message = await both.service.message()
    assert (message.status, message.done) == ("delivered", True)
    assert (await both.contact()).phone_confirmed


async def test_no_second_copy_is_made_in_quiet_hours(both: Both) -> None:
    await both.overdue()
    await both.send()
    both.service.clock.move_to(datetime(2027, 1, 4, 13, tzinfo=UTC))  # 20.00 in Pontianak
    await both.pass_by(minutes=16)
    assert both.email.handed == []
    both.service.clock.move_to(datetime(2027, 1, 6, 0, 1, tzinfo=UTC))  # 07.01, after a holiday
    await both.pass_by(hours=35)
    assert len(both.email.handed) == 1


async def test_no_second_copy_is_made_of_what_no_longer_holds(both: Both) -> None:
    await both.overdue()
    await both.send()
    await both.service.receive(innovation(status=InnovationStatus.SUBMITTED), 10_000)
    await both.pass_by(minutes=20)
    assert both.email.handed == []
    await both.pass_by(days=2)
    assert (await both.service.message()).status == "undelivered"


async def test_a_message_that_nothing_reports_is_given_up_an_hour_after_its_time_to_live(both: Both) -> None:
    # Given a person who can only be reached by WhatsApp
    await both.overdue(email=None)
    await both.send()
    (handed,) = both.whatsapp.handed

    # When nothing is ever reported
    await both.pass_by(seconds=handed.ttl + 3599)
    assert (await both.service.message()).status == "sent"
    await both.pass_by(seconds=2)

    # Then it failed, the address stays open, and nothing is sent there again
    message = await both.service.message()
    assert (message.status, message.code, message.done) == ("undelivered", "no-receipt", False)
    assert await both.events() == ["alert.sent", "alert.failed"]
    assert (await both.contact()).phone_closed == ""
    await both.service.parts.sweep.run()
    await both.pass_by(days=3)
    assert len(both.whatsapp.handed) == 1

    # And a receipt that comes late still counts
    await both.report(both.whatsapp.receipt("delivered"))
    assert (await both.service.message()).status == "delivered"


async def test_after_giving_up_the_agency_is_looked_at_also_when_the_alert_is_about_a_deadline(both: Both) -> None:
    # Given an officer who is told by WhatsApp only that the deadline was moved
    moved = deadline(date(2027, 5, 31), revision=2).model_copy(update={"set_at": NOON})
    await both.service.receive(region(deadline(), moved), 500)
    await both.overdue(email=None)
    await both.send()
    (handed,) = both.whatsapp.handed
    assert {each.reason.agency for each in handed.content.alerts} == {None}

    # When nothing is ever reported
    both.service.parts.queue.drain()
    await both.pass_by(seconds=handed.ttl + 3601)

    # Then the next sweep looks for somebody else at the agency
    assert (await both.service.message()).status == "undelivered"
    assert both.service.parts.queue.drain().agencies == {agency_id("Dinas Kesehatan")}


async def test_a_silent_provider_is_asked_twice_and_then_the_other_channel_is_taken(both: Both) -> None:
    both.whatsapp.answer = Answer(AnswerClass.UNANSWERED, "no-answer")
    await both.overdue()
    await both.send()
    await both.pass_by(minutes=4)
    await both.pass_by(minutes=4)
    message = await both.service.message()
    assert [(each.channel, each.fallback) for each in message.attempts] == [
        ("whatsapp", False),
        ("whatsapp", False),
        ("email", True),
    ]
    assert (message.status, message.possibly_repeated, len(both.email.accepted)) == ("sent", True, 1)


async def test_an_address_that_is_wrong_is_closed_and_the_other_one_gets_a_new_message(both: Both) -> None:
    both.whatsapp.answer = Answer(AnswerClass.RECIPIENT, "131026")
    await both.overdue()
    await both.send()
    contact = await both.contact()
    assert (contact.phone_closed, contact.email_closed) == ("131026", "")
    await both.service.remind()
    assert [each.to for each in both.email.handed] == ["budi@dinas.example"]
    first, second = [await both.service.message(number=number) for number in (1, 2)]
    assert (first.status, second.status) == ("failed", "sent")
    assert first.alerts == second.alerts


async def test_a_wrong_number_that_is_reported_late_releases_the_alert(both: Both) -> None:
    await both.overdue()
    await both.send()
    await both.report(both.whatsapp.receipt("sent"), both.whatsapp.receipt("failed", code="131026", answer="recipient"))
    assert (await both.contact()).phone_closed == "131026"
    await both.service.remind()
    assert len(both.email.handed) == 1
    assert (await both.events()).count("alert.failed") == 1


async def test_after_an_hour_of_putting_off_the_other_channel_is_tried(both: Both) -> None:
    both.whatsapp.answer = Answer(AnswerClass.TRANSIENT, "131000")
    await both.overdue()
    await both.send()
    for _ in range(3):
        await both.pass_by(minutes=31)
    message = await both.service.message()
    assert [each.channel for each in message.attempts][-1] == "email"
    assert not message.attempts[-1].fallback  # nothing was accepted: it is no second copy
    assert (message.status, ChannelName.EMAIL in (await both.contact()).open_channels) == ("sent", True)
