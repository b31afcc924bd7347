from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.notifications.cli.remind import RemindCommand
from services.notifications.kinds import CONTACT, CONTACT_IMPORT, MESSAGE, POST
from services.notifications.messages.writing import write_message
from services.notifications.reminders.after_restore import active_hold
from services.notifications.reminders.due import Reminder
from shared.contracts.vocabulary import CountsWhen
from shared.faults import Conflict, KeyReused
from shared.observability.failpoints import Failpoint
from shared.runtime.service import RestoreFacts
from shared.storage.batches import AT_ONCE
from tests.servers.smtp import Mailbox
from tests.support.notifications_service import (
    AFTER,
    BEFORE,
    LAST_DAY,
    REGION,
    WITHIN_30,
    YEAR,
    NotificationsService,
    agency,
    agency_id,
    deadline,
    innovation,
    person_id,
    region,
)


async def receive_agencies(service: NotificationsService, *names: str) -> None:
    await service.receive(region())
    for name in names or ("Dinas Kesehatan",):
        await service.receive(agency(name))


async def test_time_alone_makes_an_obligation_overdue(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    assert (await log_service.obligation()).phase == "open"
    log_service.clock.move_to(AFTER)
    await log_service.parts.sweep.run()
    assert (await log_service.obligation()).phase == "overdue"
    log_service.clock.move_to(BEFORE)
    await log_service.parts.sweep.run()
    assert (await log_service.obligation()).phase == "open"


async def test_a_missing_obligation_is_created_by_the_sweep(log_service: NotificationsService) -> None:
    # Given a known agency without an obligation, as after a crash between the two
    await log_service.parts.known_facts.keep_region(region(), 1)
    await log_service.parts.known_facts.keep_agency(agency(), 1)
    assert await log_service.obligations() == {}
    await log_service.parts.sweep.run()
    assert (await log_service.obligation()).phase == "open"


async def test_one_person_of_two_agencies_gets_one_message_with_both(log_service: NotificationsService) -> None:
    await receive_agencies(log_service, "Dinas Kesehatan", "Dinas Sosial")
    await log_service.set_contact(of=["Dinas Kesehatan", "Dinas Sosial"])
    log_service.clock.move_to(AFTER)
    await log_service.remind()
    (message,) = await log_service.messages()
    assert {each.agency for each in message.value.alerts} == {
        agency_id("Dinas Kesehatan"),
        agency_id("Dinas Sosial"),
    }


async def test_a_late_start_sends_the_most_advanced_stage_only(log_service: NotificationsService) -> None:
    log_service.clock.move_to(AFTER)
    await receive_agencies(log_service)
    await log_service.set_contact()
    await log_service.remind()
    (message,) = await log_service.messages()
    assert [each.stage for each in message.value.alerts] == ["overdue"]


async def test_a_moved_deadline_is_reminded_of_again(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(AFTER)
    await log_service.remind()
    await log_service.receive(region(deadline(), deadline(date(2027, 1, 21), revision=2)), 100)
    assert (await log_service.obligation()).phase == "open"
    await log_service.remind()
    stages = [
        (each.value.alerts[0].stage, each.value.alerts[0].deadline_revision) for each in await log_service.messages()
    ]
    assert stages == [("overdue", 1), ("before-30", 2)]


async def test_nobody_is_reminded_while_the_innovation_awaits_the_curator(log_service: NotificationsService) -> None:
    await log_service.receive(region(counts_when=CountsWhen.VERIFIED))
    await log_service.receive(agency())
    await log_service.receive(innovation())
    await log_service.set_contact()
    for moment in (WITHIN_30, AFTER):
        log_service.clock.move_to(moment)
        await log_service.remind()
    assert (await log_service.obligation()).phase == "waiting"
    assert await log_service.messages() == []


async def test_an_agency_without_a_reachable_contact_is_reported(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact(email=None)
    log_service.clock.move_to(AFTER)
    found = await log_service.parts.sweep.run()
    assert [(each.agency, each.years) for each in found.unreachable] == [(agency_id("Dinas Kesehatan"), (YEAR,))]


async def test_a_crash_between_alert_log_and_message_is_repaired(
    log_service: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a process that is killed just after the alert log took the alert
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(AFTER)

    def die(moment: Failpoint, what: str) -> None:
        if moment is Failpoint.ALERT_TAKEN:
            raise ConnectionError(what)

    monkeypatch.setattr("shared.observability.failpoints._listeners", [die])
    with pytest.raises(ConnectionError):
        await log_service.parts.sweep.run()
    monkeypatch.setattr("shared.observability.failpoints._listeners", [])
    assert await log_service.messages() == []

    # When another process runs
    await log_service.remind()

    # Then the message is the one that the alert log names
    (message,) = await log_service.messages()
    assert (message.id, message.value.status) == (f"{person_id('Budi')}/1", "sent")
    assert not await write_message(log_service.store, person_id("Budi"))


async def test_a_sweep_runs_when_something_changed_and_when_a_day_begins(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    sweep = log_service.parts.sweep
    await sweep.run_if_needed()
    log_service.parts.sweep_due.clear()
    sweep._took = 0.0
    log_service.clock.move_to(AFTER)
    await sweep.run_if_needed()
    assert len(await log_service.messages()) == 1


# --- satu remind ---


async def test_a_dry_run_for_a_future_day_lists_people_and_writes_nothing(
    mail_service: NotificationsService, mailbox: Mailbox
) -> None:
    await receive_agencies(mail_service, "Dinas Kesehatan", "Dinas Sosial")
    await mail_service.set_contact()
    before = await mail_service.obligations()
    lines = await RemindCommand(mail_service.parts).dry_run(date(2027, 1, 1))
    assert lines == [
        f"would be reminded: {person_id('Budi')} (b•••@dinkes.example): Dinas Kesehatan 2026 overdue",
        "unreachable: Dinas Sosial: no contact with a valid, unflagged address",
        "1 people would be reminded, 1 agencies unreachable, 0 alerts held",
    ]
    assert await mail_service.obligations() == before
    assert await mail_service.store.get(POST.name, person_id("Budi")) is None
    assert mailbox.mails == []


async def test_a_future_day_is_refused_where_people_would_really_be_reminded(
    mail_service: NotificationsService,
) -> None:
    with pytest.raises(Conflict):
        await RemindCommand(mail_service.parts).remind(date(2027, 1, 1))


async def test_the_log_channel_accepts_a_future_day(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    await RemindCommand(log_service.parts).remind(date(2027, 1, 1))
    (message,) = await log_service.messages()
    assert (message.value.status, message.value.alerts[0].stage) == ("sent", "overdue")


async def test_a_past_day_sends_only_what_is_also_true_today(
    mail_service: NotificationsService, mailbox: Mailbox
) -> None:
    await receive_agencies(mail_service)
    await mail_service.set_contact()
    mail_service.clock.move_to(AFTER)
    lines = await RemindCommand(mail_service.parts).remind(date(2026, 12, 10))
    assert mailbox.mails == []
    assert lines[-1] == "0 messages attempted on channel email"
    await RemindCommand(mail_service.parts).remind(date(2027, 1, 1))
    assert len(mailbox.mails) == 1


# --- after a restore ---


async def _after_restore(service: NotificationsService) -> None:
    now = datetime.now(UTC)
    facts = RestoreFacts(backup_at=now - timedelta(days=1), restored_at=now, ledger_kept=False)
    assert service.service.after_restore is not None
    await service.service.after_restore(facts)


async def test_after_a_restore_without_its_ledger_no_mail_is_sent_until_the_operator_decides(
    mail_service: NotificationsService, mailbox: Mailbox
) -> None:
    # Given an overdue agency whose mail may have been sent between the backup and the loss, and an unsettled message
    await receive_agencies(mail_service, "Dinas Kesehatan", "Dinas Sosial")
    await mail_service.set_contact()
    mail_service.clock.move_to(AFTER)
    await mail_service.parts.sweep.run()
    await mail_service.set_contact("Sari", of=["Dinas Sosial"], email="sari@dinsos.example")
    await _after_restore(mail_service)

    # Then nothing is sent
    await mail_service.remind()
    await mail_service.remind()
    assert mailbox.mails == []
    assert (await mail_service.message()).status == "held"
    held = [each async for each in mail_service.parts.due_list.entries() if isinstance(each, Reminder)]
    assert [(each.alerts, len(each.held)) for each in held] == [((), 1)]

    # And when the operator releases them, both are
    await RemindCommand(mail_service.parts).release_held()
    await mail_service.remind()
    assert sorted(mail.to for mail in mailbox.mails) == ["budi@dinkes.example", "sari@dinsos.example"]


async def test_discarded_alerts_are_never_sent(mail_service: NotificationsService, mailbox: Mailbox) -> None:
    await receive_agencies(mail_service)
    await mail_service.set_contact()
    mail_service.clock.move_to(AFTER)
    await _after_restore(mail_service)
    lines = await RemindCommand(mail_service.parts).discard_held()
    assert lines == ["1 held alerts and 0 held messages are discarded"]
    await mail_service.remind()
    assert mailbox.mails == []
    assert await active_hold(mail_service.store) is None


async def test_what_becomes_due_after_the_restore_is_sent(mail_service: NotificationsService, mailbox: Mailbox) -> None:
    await receive_agencies(mail_service)
    await mail_service.set_contact()
    mail_service.clock.move_to(WITHIN_30)
    await _after_restore(mail_service)
    mail_service.clock.move_to(AFTER)
    await mail_service.remind()
    assert [mail.message["Subject"] for mail in mailbox.mails] == [
        "Kewajiban satu inovasi 2026 Dinas Kesehatan melewati tenggat"
    ]


async def test_a_restore_that_kept_the_ledger_holds_nothing(log_service: NotificationsService) -> None:
    assert log_service.service.after_restore is not None
    now = datetime.now(UTC)
    await log_service.service.after_restore(RestoreFacts(now, now, ledger_kept=True))
    assert await active_hold(log_service.store) is None


async def test_a_message_that_its_restored_alert_log_does_not_know_keeps_its_number(
    log_service: NotificationsService,
) -> None:
    # Given a backup whose alert log is older than its messages
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(AFTER)
    await log_service.remind()
    await log_service.store.erase(POST.name, person_id("Budi"))
    await _after_restore(log_service)

    # When the hold is over and the next stage comes
    await RemindCommand(log_service.parts).release_held()
    await log_service.receive(region(deadline(), deadline(LAST_DAY + timedelta(days=21), revision=2)), 100)
    await log_service.remind()

    # Then no alert was sent twice, and the new message has a new number
    messages = [each.value for each in await log_service.messages()]
    assert [each.number for each in messages] == [1, 2]
    assert len({alert.id for each in messages for alert in each.alerts}) == 2


# --- imported contacts ---

TABLE = """nama;email;telepon;perangkat_daerah
Budi;Budi@Dinkes.example;0812-3456-7890;Dinas Kesehatan
Sari;sari@dinsos.example;;dinas sosial
"""


async def test_a_table_is_imported_once_and_its_import_keeps_no_personal_data(
    log_service: NotificationsService,
) -> None:
    await receive_agencies(log_service, "Dinas Kesehatan", "Dinas Sosial")
    importer = log_service.parts.importer
    first = await importer.run("curator-1", "key", REGION, TABLE.encode())
    again = await importer.run("curator-1", "key", REGION, TABLE.encode())
    assert first.value == again.value
    assert (first.value.created, first.value.updated, first.value.rows) == (2, 0, ())
    with pytest.raises(KeyReused):
        await importer.run("curator-1", "key", REGION, TABLE.encode() + b"\n")
    updated = await importer.run("curator-1", "other", REGION, TABLE.encode())
    assert (updated.value.created, updated.value.updated) == (0, 2)
    assert updated.value.people == first.value.people


async def test_an_import_that_a_crash_interrupted_is_finished_by_the_sweep(
    log_service: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await receive_agencies(log_service, "Dinas Kesehatan", "Dinas Sosial")
    change, contacts_written = log_service.store.change, 0

    async def cut(kind: str, id: str, decide, **more):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN202
        nonlocal contacts_written
        if kind == "contact":
            contacts_written += 1
            if contacts_written == 2:
                raise ConnectionError("killed")
        return await change(kind, id, decide, **more)

    monkeypatch.setattr(log_service.store, "change", cut)
    with pytest.raises(ConnectionError):
        await log_service.parts.importer.run("curator-1", "key", REGION, TABLE.encode())
    monkeypatch.undo()
    await log_service.parts.sweep.run()
    page = await log_service.store.find(CONTACT_IMPORT.name, {"status": "done"})
    assert len(page.documents) == 1
    log_service.clock.move_to(AFTER)
    await log_service.remind()
    assert len((await log_service.store.find(MESSAGE.name, {})).documents) == 2


async def test_a_table_longer_than_one_batch_is_imported_completely_and_once(log_service: NotificationsService) -> None:
    await receive_agencies(log_service, "Dinas Kesehatan")
    lines = [f"Orang {number},orang{number}@dinkes.example,Dinas Kesehatan" for number in range(2 * AT_ONCE + 3)]
    table = "\n".join(["nama,email,perangkat_daerah", *lines]).encode()
    done = await log_service.parts.importer.run("curator-1", "key", REGION, table)
    assert (done.value.status, done.value.created, done.value.rows) == ("done", len(lines), ())
    stored = (await log_service.store.find(CONTACT.name, {}, limit=1000)).documents
    assert sorted(each.state["name"] for each in stored) == sorted(line.partition(",")[0] for line in lines)


async def test_two_contacts_with_one_address_receive_each_alert_once(log_service: NotificationsService) -> None:
    # Given two curators who created the same address at the same time
    await receive_agencies(log_service, "Dinas Kesehatan", "Dinas Sosial")
    await log_service.set_contact("Budi", email="budi@dinkes.example")
    await log_service.set_contact("Budi S", of=("Dinas Kesehatan", "Dinas Sosial"), email="Budi@dinkes.example")

    # When both agencies are overdue
    log_service.clock.move_to(AFTER)
    await log_service.remind()
    await log_service.remind()

    # Then the address is reminded of each agency once
    agencies = [alert.agency for each in await log_service.messages() for alert in each.value.alerts]
    assert sorted(agencies) == sorted([agency_id("Dinas Kesehatan"), agency_id("Dinas Sosial")])
