"""Receipts are durable before they are acknowledged, and applied once, whenever they come."""

from __future__ import annotations

from services.notifications.kinds import RECEIPT
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.sending.channel import HandOver
from services.notifications.sending.receipts import KEPT
from tests.support.notifications_service import REGION
from tests.unit.notifications.sending.conftest import Both


async def stored(both: Both) -> list[bool]:
    """Whether each stored receipt was applied."""
    return [bool(row["applied"]) async for row in both.service.store.scan(RECEIPT.name, {}, ("applied",))]


async def test_a_receipt_that_overtakes_our_own_record_counts(both: Both) -> None:
    # Given a provider that reports a delivery before the answer to our request is recorded
    async def early(message: HandOver) -> None:
        await both.report(both.whatsapp.receipt("delivered", message))

    hand_over = both.whatsapp.hand_over

    async def reporting(message: HandOver) -> Answer:
        answer = await hand_over(message)
        await early(message)
        return answer

    both.whatsapp.hand_over = reporting  # type: ignore[method-assign]
    await both.overdue()
    await both.send()
    message = await both.service.message()
    assert (message.status, message.attempts[0].answer) == ("delivered", AnswerClass.ACCEPTED)
    assert await both.events() == ["alert.sent"]


async def test_a_receipt_of_an_attempt_that_is_not_known_yet_waits_for_it(both: Both) -> None:
    await both.overdue()
    await both.send()
    real = both.whatsapp.receipt("delivered")
    unknown = real.model_copy(update={"id": "x", "attempt": "", "provider_id": "wamid.9"})
    await both.report(unknown)
    assert await stored(both) == [False]
    await both.report(real)
    assert sorted(await stored(both)) == [False, True]


async def test_a_receipt_is_matched_by_the_providers_own_id(both: Both) -> None:
    both.whatsapp.answer = Answer(AnswerClass.ACCEPTED, provider_id="wamid.1")
    await both.overdue()
    await both.send()
    by_id = both.whatsapp.receipt("read").model_copy(update={"attempt": "", "provider_id": "wamid.1"})
    await both.report(by_id)
    assert (await both.service.message()).status == "read"


async def test_the_same_receipt_again_changes_nothing(both: Both) -> None:
    await both.overdue()
    await both.send()
    receipt = both.whatsapp.receipt("failed", code="131026", answer="recipient")
    await both.report(receipt)
    before = await both.service.message()
    assert await both.service.parts.receipts.keep([receipt]) == 0
    await both.report(receipt)
    assert await both.service.message() == before
    assert (await both.events()).count("alert.failed") == 1


async def test_a_bounce_is_matched_by_the_message_id_of_the_mail(both: Both) -> None:
    await both.overdue(phone=None)
    await both.send()
    message = await both.service.message()
    bounce = both.email.receipt("failed", code="5.1.1", answer="recipient")
    await both.report(bounce.model_copy(update={"attempt": "", "mail": message.mail}))
    assert (await both.service.message()).status == "failed"
    assert (await both.contact()).email_closed == "5.1.1"
    assert await both.events() == ["alert.sent", "alert.failed"]


async def test_the_curator_hears_of_a_closed_address_at_the_next_sweep(both: Both) -> None:
    await both.overdue(phone=None)
    await both.send()
    both.service.parts.queue.drain()

    await both.report(both.email.receipt("failed", code="5.1.1", answer="recipient"))

    assert both.service.parts.queue.drain().regions == {REGION}


async def test_a_bounce_does_not_close_an_address_that_was_replaced_since(both: Both) -> None:
    person = await both.overdue(phone=None)
    await both.send()
    await both.correct(person, email="baru@dinas.example")
    await both.report(both.email.receipt("failed", code="5.1.1", answer="recipient"))
    assert (await both.contact()).email_closed == ""


async def test_a_bounce_does_not_close_another_address_at_the_same_revision(both: Both) -> None:
    # Given a message to a number that is removed, and another one that is added later
    person = await both.overdue()
    await both.send()
    for phone in ("", "+6281234567899"):
        await both.correct(person, phone=phone)
    # When its provider reports that nobody is there
    await both.report(both.whatsapp.receipt("failed", code="131026", answer="recipient"))
    # Then the new number stays open
    contact = await both.contact()
    assert (contact.phone_closed, contact.address_revision) == ("", 1)


async def test_a_bounce_closes_its_address_after_the_other_one_was_replaced(both: Both) -> None:
    person = await both.overdue()
    await both.send()
    await both.correct(person, email="baru@dinas.example")
    await both.report(both.whatsapp.receipt("failed", code="131026", answer="recipient"))
    contact = await both.contact()
    assert (contact.phone_closed, contact.address_revision) == ("131026", 2)


async def test_what_reached_a_predecessor_at_the_same_number_confirms_nothing(both: Both) -> None:
    person = await both.overdue()
    await both.send()
    await both.correct(person, another_person=True)
    await both.report(both.whatsapp.receipt("delivered"))
    assert not (await both.contact()).phone_confirmed


async def test_a_late_account_failure_stops_the_channel(both: Both) -> None:
    await both.overdue()
    await both.send()
    await both.report(both.whatsapp.receipt("failed", code="131042", answer="account"))
    await both.overdue("Sari", of="Dinas Sosial")
    await both.send()
    assert len(both.whatsapp.handed) == 1
    await both.pass_by(minutes=16)
    assert len(both.email.accepted) == 2


async def test_receipts_are_erased_after_eight_days(both: Both) -> None:
    await both.overdue()
    await both.send()
    await both.report(both.whatsapp.receipt("sent"))
    await both.service.parts.purge()
    assert len(await stored(both)) == 1
    both.time.pass_by(milliseconds=KEPT + 1)
    await both.service.parts.purge()
    assert await stored(both) == []
