from __future__ import annotations

from shared.contracts.vocabulary import InnovationStatus
from tests.servers.smtp import Mailbox
from tests.support.notifications_service import AFTER, WITHIN_30, Town, agency, innovation, region


async def test_an_agency_that_owes_its_innovation_is_told_once(mail_town: Town, mailbox: Mailbox) -> None:
    # Given an agency without an innovation, thirty days before the deadline
    await mail_town.hear(region())
    await mail_town.hear(agency())
    await mail_town.knows()
    mail_town.clock.move_to(WITHIN_30)

    # When the sweep and the postman run, twice
    await mail_town.tell()
    await mail_town.tell()

    # Then one mail came, and its hand-over is owed to the world
    (mail,) = mailbox.mails
    assert mail.to == "budi@dinkes.example"
    state = await mail_town.message()
    assert mail.message_id == f"<{state['mail']}@kuburaya.example>"
    assert state["status"] == "sent"
    assert [event.type for event in await mail_town.owed()] == ["obligation.opened", "alert.sent"]


async def test_both_stages_are_told_once_each(mail_town: Town, mailbox: Mailbox) -> None:
    await mail_town.hear(region())
    await mail_town.hear(agency())
    await mail_town.knows()
    for moment in (WITHIN_30, AFTER, AFTER):
        mail_town.clock.move_to(moment)
        await mail_town.tell()
    assert [mail.message["Subject"] for mail in mailbox.mails] == [
        "Pengingat: inovasi 2026 Dinas Kesehatan, tenggat 31 Desember 2026",
        "Kewajiban satu inovasi 2026 Dinas Kesehatan melewati tenggat",
    ]


async def test_a_message_in_which_nothing_is_true_any_more_is_dropped_and_its_alerts_fall_due_again(
    mail_town: Town, mailbox: Mailbox
) -> None:
    # Given an overdue agency whose message is taken but not handed over
    await mail_town.hear(region())
    await mail_town.hear(agency())
    await mail_town.knows()
    mail_town.clock.move_to(AFTER)
    await mail_town.rooms.sweep.run()

    # When it submits before the postman comes
    await mail_town.hear(innovation(first=AFTER), 100)
    await mail_town.rooms.sender.run()

    # Then nothing is sent
    assert mailbox.mails == []
    assert (await mail_town.message())["status"] == "dropped"

    # And when the innovation is withdrawn, the agency is told
    await mail_town.hear(innovation(first=AFTER, status=InnovationStatus.WITHDRAWN), 101)
    await mail_town.tell()
    assert len(mailbox.mails) == 1


async def test_a_person_who_moved_on_is_not_told_of_the_agency_that_was_left(mail_town: Town, mailbox: Mailbox) -> None:
    # Given an overdue agency whose message is taken but not handed over
    await mail_town.hear(region())
    await mail_town.hear(agency())
    await mail_town.knows()
    mail_town.clock.move_to(AFTER)
    await mail_town.rooms.sweep.run()

    # When its reader is corrected to another agency before the postman comes
    await mail_town.knows(of=("Dinas Sosial",))
    await mail_town.tell()

    # Then nothing is sent, and who comes back is told after all
    assert mailbox.mails == []
    await mail_town.knows()
    await mail_town.tell()
    assert len(mailbox.mails) == 1
