from __future__ import annotations

import asyncio

import pytest

from services.notifications.kinds import CHANNEL, CONTACT, MESSAGE
from shared.faults import StoreAway
from shared.storage.steps import without_event
from tests.servers.smtp import Mailbox
from tests.support.notifications_service import AFTER, Town, agency, person_id, region


@pytest.fixture
async def overdue_town(mail_town: Town) -> Town:
    """One overdue agency with one contact; nobody has been told."""
    await mail_town.hear(region())
    await mail_town.hear(agency())
    await mail_town.knows()
    mail_town.clock.move_to(AFTER)
    return mail_town


async def test_a_temporary_refusal_waits_for_the_messages_own_clock(overdue_town: Town, mailbox: Mailbox) -> None:
    mailbox.refuse("451 4.3.0 later")
    await overdue_town.tell()
    await overdue_town.tell()
    assert len((await overdue_town.message())["attempts"]) == 1
    mailbox.accept()
    await overdue_town.let_time_pass()
    await overdue_town.tell()
    assert len(mailbox.mails) == 1
    state = await overdue_town.message()
    assert (state["status"], len(state["attempts"]), state["possibly_repeated"]) == ("sent", 2, False)


async def test_an_unknown_address_is_flagged_and_a_corrected_one_is_told(overdue_town: Town, mailbox: Mailbox) -> None:
    # Given a provider that does not know the address
    mailbox.refuse("550 5.1.1 no such user")
    await overdue_town.tell()
    await overdue_town.tell()

    # Then the message failed, once, and the agency is unreachable
    assert (await overdue_town.message())["code"] == "5.1.1"
    assert len(await overdue_town.messages()) == 1
    contact = await overdue_town.store.get(CONTACT.name, person_id("Budi"))
    assert contact is not None
    assert (contact.state["flagged"], contact.state["reachable"]) == (True, 0)
    found = await overdue_town.rooms.sweep.run()
    assert len(found.unreachable) == 1

    # And when the address is corrected, the person is told
    mailbox.accept()
    await overdue_town.knows(email="budi.baru@dinkes.example")
    await overdue_town.tell()
    assert [mail.to for mail in mailbox.mails] == ["budi.baru@dinkes.example"]


async def test_an_answer_that_never_came_is_repeated_once_with_the_same_message_id(
    overdue_town: Town, mailbox: Mailbox
) -> None:
    mailbox.drop_after_data()
    await overdue_town.tell()
    assert (await overdue_town.message())["status"] == "open"
    mailbox.accept()
    await overdue_town.tell()
    assert len(mailbox.mails) == 1  # the lease still runs
    await overdue_town.let_time_pass()
    await overdue_town.tell()
    first, second = mailbox.mails
    assert first.message_id == second.message_id
    state = await overdue_town.message()
    assert (state["status"], state["possibly_repeated"]) == ("sent", True)
    sent = [event for event in await overdue_town.owed() if event.type == "alert.sent"]
    assert [event.data["possibly_repeated"] for event in sent] == [True]


async def test_a_fault_of_our_set_up_stops_the_channel_until_a_restart(overdue_town: Town, mailbox: Mailbox) -> None:
    # Given a second person to tell, and a provider that refuses the sender
    await overdue_town.hear(agency("Dinas Sosial"))
    await overdue_town.knows("Sari", of=["Dinas Sosial"], email="sari@dinsos.example")
    mailbox.refuse("550 5.7.1 relaying denied")
    await overdue_town.tell()
    assert await overdue_town.rooms.sender.health.why_stopped() == "5.7.1"

    # When it would accept again, then nothing is tried while the channel is stopped
    mailbox.accept()
    for name in ("Budi", "Sari"):
        await overdue_town.let_time_pass(name)
    await overdue_town.tell()
    assert mailbox.mails == []

    # And a restart goes on with both
    await overdue_town.rooms.start()
    await overdue_town.tell()
    assert len(mailbox.mails) == 2


async def test_a_stopped_channel_is_probed_with_one_message(overdue_town: Town, mailbox: Mailbox) -> None:
    await overdue_town.rooms.sender.health.stop("5.7.1")
    await overdue_town.store.change(CHANNEL.name, "email", without_event(lambda state: (state or {}) | {"probe_at": 0}))
    await overdue_town.tell()
    assert len(mailbox.mails) == 1
    assert await overdue_town.rooms.sender.health.why_stopped() is None


async def test_many_postmen_hand_a_message_over_once(overdue_town: Town, mailbox: Mailbox) -> None:
    for number in range(12):
        name = f"Dinas {number}"
        await overdue_town.hear(agency(name))
        await overdue_town.knows(f"Orang {number}", of=[name], email=f"orang{number}@dinas.example")
    await asyncio.gather(*(overdue_town.rooms.sweep.run() for _ in range(4)))
    await asyncio.gather(*(overdue_town.rooms.sender.run() for _ in range(4)))
    assert len(mailbox.mails) == 13
    assert len({mail.message_id for mail in mailbox.mails}) == 13


async def test_a_store_that_is_away_for_a_moment_does_not_repeat_a_taken_mail(
    overdue_town: Town, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a store that refuses one write just after the provider has taken the mail
    change = overdue_town.store.change
    troubles = [StoreAway("gone for a moment")]

    async def shaky(kind: str, id: str, decide, **more):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN202
        if kind == MESSAGE.name and mailbox.mails and troubles:
            raise troubles.pop()
        return await change(kind, id, decide, **more)

    monkeypatch.setattr(overdue_town.store, "change", shaky)
    await overdue_town.tell()
    assert troubles == []
    state = await overdue_town.message()
    assert (state["status"], len(state["attempts"])) == ("sent", 1)


async def test_stopping_lets_a_hand_over_end_and_leaves_no_attempt_open(overdue_town: Town, mailbox: Mailbox) -> None:
    await overdue_town.rooms.sweep.run()
    mailbox.hang()
    sender = asyncio.create_task(overdue_town.rooms.sender.run())
    await mailbox.arrived(1)
    sender.cancel()
    mailbox.accept()
    with pytest.raises(asyncio.CancelledError):
        await sender
    assert (await overdue_town.message())["attempts"][0]["closed_at"] is not None


async def test_alerts_are_handed_over_by_the_log_without_names(quiet_town: Town) -> None:
    await quiet_town.hear(region())
    await quiet_town.hear(agency())
    await quiet_town.knows()
    quiet_town.clock.move_to(AFTER)
    await quiet_town.tell()
    assert (await quiet_town.message())["status"] == "sent"
    said = await quiet_town.owed()
    assert [event.type for event in said] == ["obligation.opened", "obligation.overdue", "alert.sent"]
    assert b"budi" not in b"".join(event.encode() for event in said).lower()
