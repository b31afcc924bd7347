from __future__ import annotations

from services.notifications.contacts.repositories import contact_repository
from services.notifications.kinds import KNOWN_REGION
from shared.contracts.vocabulary import InnovationStatus
from shared.storage.steps import without_event
from tests.servers.smtp import Mailbox
from tests.support.notifications_service import (
    AFTER,
    REGION,
    WITHIN_30,
    NotificationsService,
    agency,
    innovation,
    passed,
    region,
)


async def test_an_agency_without_an_innovation_is_reminded_once(
    mail_service: NotificationsService, mailbox: Mailbox
) -> None:
    # Given an agency without an innovation, thirty days before the deadline
    await mail_service.receive(region())
    await mail_service.receive(agency())
    await mail_service.set_contact()
    mail_service.clock.move_to(WITHIN_30)

    # When the sweep and the sender run, twice
    await mail_service.remind()
    await mail_service.remind()

    # Then one mail arrives, and its hand-over is owed as an event
    (mail,) = mailbox.mails
    assert mail.to == "budi@dinkes.example"
    message = await mail_service.message()
    assert mail.message_id == f"<{message.mail}@kuburaya.example>"
    assert message.status == "sent"
    assert [event.type for event in await mail_service.owed_events()] == ["obligation.opened", "alert.sent"]


async def test_each_stage_is_reminded_of_once(mail_service: NotificationsService, mailbox: Mailbox) -> None:
    await mail_service.receive(region())
    await mail_service.receive(agency())
    await mail_service.set_contact()
    for moment in (WITHIN_30, AFTER, AFTER):
        mail_service.clock.move_to(moment)
        if moment is AFTER:
            await mail_service.receive(passed())
        await mail_service.remind()
    assert [mail.message["Subject"] for mail in mailbox.mails] == [
        "Pengingat: inovasi 2026 Dinas Kesehatan, tenggat 31 Desember 2026",
        "Kewajiban inovasi 2026 Dinas Kesehatan melewati tenggat",
    ]


async def test_a_message_without_current_alerts_is_dropped_and_its_alerts_become_due_again(
    mail_service: NotificationsService, mailbox: Mailbox
) -> None:
    # Given an overdue agency whose message is taken but not handed over
    await mail_service.receive(region())
    await mail_service.receive(agency())
    await mail_service.set_contact()
    mail_service.clock.move_to(AFTER)
    await mail_service.receive(passed())
    await mail_service.parts.sweep.run()

    # When it submits before the sender runs
    await mail_service.receive(innovation(first=AFTER), 100)
    await mail_service.parts.sender.run()

    # Then nothing is sent
    assert mailbox.mails == []
    assert (await mail_service.message()).status == "dropped"

    # And when the innovation is withdrawn, the agency is reminded
    await mail_service.receive(innovation(first=AFTER, status=InnovationStatus.WITHDRAWN), 101)
    await mail_service.remind()
    assert len(mailbox.mails) == 1


async def test_a_contact_that_moved_to_another_agency_is_not_reminded_of_the_former_one(
    mail_service: NotificationsService, mailbox: Mailbox
) -> None:
    # Given an overdue agency whose message is taken but not handed over
    await mail_service.receive(region())
    await mail_service.receive(agency())
    await mail_service.set_contact()
    mail_service.clock.move_to(AFTER)
    await mail_service.receive(passed())
    await mail_service.parts.sweep.run()

    # When its contact is moved to another agency before the sender runs
    await mail_service.set_contact(of=("Dinas Sosial",))
    await mail_service.remind()

    # Then nothing is sent, and once the contact is back it is reminded
    assert mailbox.mails == []
    await mail_service.set_contact()
    await mail_service.remind()
    assert len(mailbox.mails) == 1


async def test_a_message_to_an_erased_person_is_dropped_and_one_of_an_unknown_region_waits(
    mail_service: NotificationsService, mailbox: Mailbox
) -> None:
    # Given an overdue agency whose message is taken but not handed over
    await mail_service.receive(region())
    await mail_service.receive(agency())
    person = await mail_service.set_contact()
    mail_service.clock.move_to(AFTER)
    await mail_service.receive(passed())
    await mail_service.parts.sweep.run()

    # When its region is not known, as after a restore, it waits
    known = [each async for each in mail_service.store.dump(KNOWN_REGION.name)]
    await mail_service.store.erase(KNOWN_REGION.name, REGION)
    await mail_service.parts.sender.run()
    assert (await mail_service.message()).status == "waiting"

    # And when the person is erased, it is dropped
    await mail_service.store.load(KNOWN_REGION.name, known)
    contacts = contact_repository(mail_service.store)
    await contacts.amend(person, None, without_event(lambda contact: contact.without_personal_data()))
    await mail_service.make_due()
    await mail_service.parts.sender.run()
    assert (await mail_service.message()).status == "dropped"
    assert mailbox.mails == []
