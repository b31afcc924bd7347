from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from services.notifications.contacts.repositories import contact_repository
from services.notifications.kinds import MESSAGE
from services.notifications.sending.repositories import channel_repository
from services.notifications.state import replaced
from shared.faults import StoreAway
from shared.ports.store import Change, Document
from shared.storage.steps import without_event
from tests.servers.smtp import Mailbox
from tests.support.notifications_service import AFTER, NotificationsService, agency, passed, person_id, region


@pytest.fixture
async def overdue_service(mail_service: NotificationsService) -> NotificationsService:
    """One overdue agency with one contact that has not been reminded."""
    await mail_service.receive(region())
    await mail_service.receive(agency())
    await mail_service.set_contact()
    mail_service.clock.move_to(AFTER)
    await mail_service.receive(passed())
    return mail_service


async def test_a_temporary_refusal_waits_for_the_messages_own_clock(
    overdue_service: NotificationsService, mailbox: Mailbox
) -> None:
    mailbox.refuse("451 4.3.0 later")
    await overdue_service.remind()
    await overdue_service.remind()
    assert len((await overdue_service.message()).attempts) == 1
    mailbox.accept()
    await overdue_service.make_due()
    await overdue_service.remind()
    assert len(mailbox.mails) == 1
    message = await overdue_service.message()
    assert (message.status, len(message.attempts), message.possibly_repeated) == ("sent", 2, False)


async def test_an_unknown_address_is_flagged_and_a_corrected_one_is_used(
    overdue_service: NotificationsService, mailbox: Mailbox
) -> None:
    # Given a provider that does not know the address
    mailbox.refuse("550 5.1.1 no such user")
    await overdue_service.remind()
    await overdue_service.remind()

    # Then the message failed, once, and the agency is unreachable
    assert (await overdue_service.message()).code == "5.1.1"
    assert len(await overdue_service.messages()) == 1
    contact = (await contact_repository(overdue_service.store).get(person_id("Budi"))).value
    assert (contact.email_closed, contact.reachable) == ("5.1.1", False)
    found = await overdue_service.parts.sweep.run()
    assert len(found.unreachable) == 1

    # And when the address is corrected, the person is reminded
    mailbox.accept()
    await overdue_service.set_contact(email="budi.baru@dinkes.example")
    await overdue_service.remind()
    assert [mail.to for mail in mailbox.mails] == ["budi.baru@dinkes.example"]


async def test_an_unanswered_hand_over_is_repeated_once_with_the_same_message_id(
    overdue_service: NotificationsService, mailbox: Mailbox
) -> None:
    mailbox.drop_after_data()
    await overdue_service.remind()
    assert (await overdue_service.message()).status == "open"
    mailbox.accept()
    await overdue_service.remind()
    assert len(mailbox.mails) == 1  # the lease still runs
    await overdue_service.make_due()
    await overdue_service.remind()
    first, second = mailbox.mails
    assert first.message_id == second.message_id
    message = await overdue_service.message()
    assert (message.status, message.possibly_repeated) == ("sent", True)
    sent = [event for event in await overdue_service.owed_events() if event.type == "alert.sent"]
    assert [event.data["possibly_repeated"] for event in sent] == [True]


async def test_a_refusal_of_our_configuration_stops_the_channel_until_a_restart(
    overdue_service: NotificationsService, mailbox: Mailbox
) -> None:
    # Given a second person to remind, and a provider that refuses the sender
    await overdue_service.receive(agency("Dinas Sosial"))
    await overdue_service.set_contact("Sari", of=["Dinas Sosial"], email="sari@dinsos.example")
    mailbox.refuse("550 5.7.1 relaying denied", at="MAIL")
    await overdue_service.remind()
    assert await overdue_service.parts.sender.health.why_stopped() == "5.7.1"

    # When it would accept again, nothing is attempted while the channel is stopped
    mailbox.accept()
    for name in ("Budi", "Sari"):
        await overdue_service.make_due(name)
    await overdue_service.remind()
    assert mailbox.mails == []

    # And after a restart both are sent
    await overdue_service.parts.start()
    await overdue_service.remind()
    assert len(mailbox.mails) == 2


async def test_a_stopped_channel_is_probed_with_one_message(
    overdue_service: NotificationsService, mailbox: Mailbox
) -> None:
    await overdue_service.parts.sender.health.stop("5.7.1")
    await channel_repository(overdue_service.store).amend(
        "email", None, without_event(lambda state: replaced(state, probe_at=0))
    )
    await overdue_service.remind()
    assert len(mailbox.mails) == 1
    assert await overdue_service.parts.sender.health.why_stopped() is None


async def test_many_senders_hand_a_message_over_once(overdue_service: NotificationsService, mailbox: Mailbox) -> None:
    for number in range(12):
        name = f"Dinas {number}"
        await overdue_service.receive(agency(name))
        await overdue_service.set_contact(f"Orang {number}", of=[name], email=f"orang{number}@dinas.example")
    await asyncio.gather(*(overdue_service.parts.sweep.run() for _ in range(4)))
    await asyncio.gather(*(overdue_service.parts.sender.run() for _ in range(4)))
    assert len(mailbox.mails) == 13
    assert len({mail.message_id for mail in mailbox.mails}) == 13


async def test_an_accepted_mail_is_not_repeated_when_the_store_is_away_for_a_moment(
    overdue_service: NotificationsService, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a store that refuses one write just after the provider has accepted the mail
    change_many = overdue_service.store.change_many
    failures = [StoreAway("gone for a moment")]

    async def fail_once(changes: Sequence[Change]) -> list[Document | Exception]:
        if changes[0].kind == MESSAGE.name and mailbox.mails and failures:
            return [failures.pop()]
        return await change_many(changes)

    monkeypatch.setattr(overdue_service.store, "change_many", fail_once)
    await overdue_service.remind()
    assert failures == []
    message = await overdue_service.message()
    assert (message.status, len(message.attempts)) == ("sent", 1)


async def test_stopping_finishes_the_hand_over_and_leaves_no_attempt_open(
    overdue_service: NotificationsService, mailbox: Mailbox
) -> None:
    await overdue_service.parts.sweep.run()
    mailbox.hang()
    sender = asyncio.create_task(overdue_service.parts.sender.run())
    await mailbox.arrived(1)
    sender.cancel()
    mailbox.accept()
    with pytest.raises(asyncio.CancelledError):
        await sender
    assert (await overdue_service.message()).attempts[0].closed_at is not None
