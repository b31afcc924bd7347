from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.notifications.cli.remind import Reminding
from services.notifications.kinds import CONTACT, CONTACT_IMPORT, MESSAGE, POST
from services.notifications.messages.writing import write_out
from services.notifications.reminders import restore_hold as holding
from services.notifications.reminders.due import Due
from shared.contracts.vocabulary import CountsWhen
from shared.faults import Conflict, KeyReused
from shared.observability.failpoints import Failpoint
from shared.ports.store import Document
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
    Town,
    agency,
    agency_id,
    deadline,
    innovation,
    person_id,
    region,
)


async def found_town(it: Town, *names: str) -> None:
    await it.hear(region())
    for name in names or ("Dinas Kesehatan",):
        await it.hear(agency(name))


async def test_time_alone_makes_an_obligation_overdue(quiet_town: Town) -> None:
    await found_town(quiet_town)
    assert (await quiet_town.obligation())["stands"] == "open"
    quiet_town.clock.move_to(AFTER)
    await quiet_town.rooms.sweep.run()
    assert (await quiet_town.obligation())["stands"] == "overdue"
    quiet_town.clock.move_to(BEFORE)
    await quiet_town.rooms.sweep.run()
    assert (await quiet_town.obligation())["stands"] == "open"


async def test_an_obligation_that_nobody_made_is_made_by_the_sweep(quiet_town: Town) -> None:
    # Given a roster that knows an agency of which the ledger does not, as after a crash between the two
    await quiet_town.rooms.known_facts.hear_region(region(), 1)
    await quiet_town.rooms.known_facts.hear_agency(agency(), 1)
    assert await quiet_town.obligations() == {}
    await quiet_town.rooms.sweep.run()
    assert (await quiet_town.obligation())["stands"] == "open"


async def test_one_person_of_two_agencies_gets_one_message_with_both(quiet_town: Town) -> None:
    await found_town(quiet_town, "Dinas Kesehatan", "Dinas Sosial")
    await quiet_town.knows(of=["Dinas Kesehatan", "Dinas Sosial"])
    quiet_town.clock.move_to(AFTER)
    await quiet_town.tell()
    (message,) = await quiet_town.messages()
    assert {each["agency"] for each in message.state["alerts"]} == {
        agency_id("Dinas Kesehatan"),
        agency_id("Dinas Sosial"),
    }


async def test_a_late_start_sends_the_most_advanced_stage_only(quiet_town: Town) -> None:
    quiet_town.clock.move_to(AFTER)
    await found_town(quiet_town)
    await quiet_town.knows()
    await quiet_town.tell()
    (message,) = await quiet_town.messages()
    assert [each["stage"] for each in message.state["alerts"]] == ["overdue"]


async def test_a_moved_deadline_is_reminded_of_anew(quiet_town: Town) -> None:
    await found_town(quiet_town)
    await quiet_town.knows()
    quiet_town.clock.move_to(AFTER)
    await quiet_town.tell()
    await quiet_town.hear(region(deadline(), deadline(date(2027, 1, 21), revision=2)), 100)
    assert (await quiet_town.obligation())["stands"] == "open"
    await quiet_town.tell()
    stages = [
        (each.state["alerts"][0]["stage"], each.state["alerts"][0]["deadline_revision"])
        for each in await quiet_town.messages()
    ]
    assert stages == [("overdue", 1), ("before-30", 2)]


async def test_nobody_is_reminded_while_the_curator_is_awaited(quiet_town: Town) -> None:
    await quiet_town.hear(region(counts_when=CountsWhen.VERIFIED))
    await quiet_town.hear(agency())
    await quiet_town.hear(innovation())
    await quiet_town.knows()
    for moment in (WITHIN_30, AFTER):
        quiet_town.clock.move_to(moment)
        await quiet_town.tell()
    assert (await quiet_town.obligation())["stands"] == "waiting"
    assert await quiet_town.messages() == []


async def test_an_agency_without_a_reachable_contact_is_found(quiet_town: Town) -> None:
    await found_town(quiet_town)
    await quiet_town.knows(email=None)
    quiet_town.clock.move_to(AFTER)
    found = await quiet_town.rooms.sweep.run()
    assert [(each.agency, each.years) for each in found.unreachable] == [(agency_id("Dinas Kesehatan"), (YEAR,))]


async def test_a_crash_between_post_and_message_is_healed(quiet_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a process that dies just after the post took the alert
    await found_town(quiet_town)
    await quiet_town.knows()
    quiet_town.clock.move_to(AFTER)

    def die(moment: Failpoint, what: str) -> None:
        if moment is Failpoint.ALERT_TAKEN:
            raise ConnectionError(what)

    monkeypatch.setattr("shared.observability.failpoints._listeners", [die])
    with pytest.raises(ConnectionError):
        await quiet_town.rooms.sweep.run()
    monkeypatch.setattr("shared.observability.failpoints._listeners", [])
    assert await quiet_town.messages() == []

    # When another takes over
    await quiet_town.tell()

    # Then the message is the one that the post speaks of
    (message,) = await quiet_town.messages()
    assert (message.id, message.state["status"]) == (f"{person_id('Budi')}/1", "sent")
    assert not await write_out(quiet_town.store, person_id("Budi"))


async def test_a_sweep_is_made_when_the_bell_rings_and_when_a_day_begins(quiet_town: Town) -> None:
    await found_town(quiet_town)
    await quiet_town.knows()
    sweep = quiet_town.rooms.sweep
    await sweep.run_if_needed()
    quiet_town.rooms.sweep_due.clear()
    sweep._took = 0.0
    quiet_town.clock.move_to(AFTER)
    await sweep.run_if_needed()
    assert len(await quiet_town.messages()) == 1


# --- the operator's question ---


async def test_a_dry_run_for_a_day_to_come_says_who_and_writes_nothing(mail_town: Town, mailbox: Mailbox) -> None:
    await found_town(mail_town, "Dinas Kesehatan", "Dinas Sosial")
    await mail_town.knows()
    before = await mail_town.obligations()
    lines = await Reminding(mail_town.rooms).dry_run(date(2027, 1, 1))
    assert lines == [
        f"would be told: {person_id('Budi')} (b•••@dinkes.example): Dinas Kesehatan 2026 overdue",
        "unreachable: Dinas Sosial: no contact with a valid, unflagged address",
        "1 persons would be told, 1 agencies unreachable, 0 alerts held",
    ]
    assert await mail_town.obligations() == before
    assert await mail_town.store.get(POST.name, person_id("Budi")) is None
    assert mailbox.mails == []


async def test_a_day_to_come_is_refused_where_people_would_really_be_told(mail_town: Town) -> None:
    with pytest.raises(Conflict):
        await Reminding(mail_town.rooms).remind(date(2027, 1, 1))


async def test_the_log_channel_may_ask_for_a_day_to_come(quiet_town: Town) -> None:
    await found_town(quiet_town)
    await quiet_town.knows()
    await Reminding(quiet_town.rooms).remind(date(2027, 1, 1))
    (message,) = await quiet_town.messages()
    assert (message.state["status"], message.state["alerts"][0]["stage"]) == ("sent", "overdue")


async def test_a_past_day_tells_only_what_is_also_true_today(mail_town: Town, mailbox: Mailbox) -> None:
    await found_town(mail_town)
    await mail_town.knows()
    mail_town.clock.move_to(AFTER)
    lines = await Reminding(mail_town.rooms).remind(date(2026, 12, 10))
    assert mailbox.mails == []
    assert lines[-1] == "0 messages attempted on channel email"
    await Reminding(mail_town.rooms).remind(date(2027, 1, 1))
    assert len(mailbox.mails) == 1


# --- after a restore ---


async def _restored(it: Town) -> None:
    now = datetime.now(UTC)
    facts = RestoreFacts(backup_at=now - timedelta(days=1), restored_at=now, ledger_kept=False)
    assert it.service.after_restore is not None
    await it.service.after_restore(facts)


async def test_after_a_restore_without_its_ledger_nobody_is_mailed_until_the_operator_says_so(
    mail_town: Town, mailbox: Mailbox
) -> None:
    # Given an overdue agency whose mail may have been sent between the backup and the loss, and a message under way
    await found_town(mail_town, "Dinas Kesehatan", "Dinas Sosial")
    await mail_town.knows()
    mail_town.clock.move_to(AFTER)
    await mail_town.rooms.sweep.run()
    await mail_town.knows("Sari", of=["Dinas Sosial"], email="sari@dinsos.example")
    await _restored(mail_town)

    # Then nothing is sent
    await mail_town.tell()
    await mail_town.tell()
    assert mailbox.mails == []
    assert (await mail_town.message())["status"] == "held"
    held = [each async for each in mail_town.rooms.question.ask() if isinstance(each, Due)]
    assert [(each.alerts, len(each.held)) for each in held] == [((), 1)]

    # And when the operator releases them, both are
    await Reminding(mail_town.rooms).release_held()
    await mail_town.tell()
    assert sorted(mail.to for mail in mailbox.mails) == ["budi@dinkes.example", "sari@dinsos.example"]


async def test_discarded_alerts_are_never_sent(mail_town: Town, mailbox: Mailbox) -> None:
    await found_town(mail_town)
    await mail_town.knows()
    mail_town.clock.move_to(AFTER)
    await _restored(mail_town)
    lines = await Reminding(mail_town.rooms).discard_held()
    assert lines == ["1 held alerts and 0 held messages are discarded; nobody is told"]
    await mail_town.tell()
    assert mailbox.mails == []
    assert await holding.active(mail_town.store) is None


async def test_what_falls_due_after_the_restore_is_sent(mail_town: Town, mailbox: Mailbox) -> None:
    await found_town(mail_town)
    await mail_town.knows()
    mail_town.clock.move_to(WITHIN_30)
    await _restored(mail_town)
    mail_town.clock.move_to(AFTER)
    await mail_town.tell()
    assert [mail.message["Subject"] for mail in mailbox.mails] == [
        "Kewajiban satu inovasi 2026 Dinas Kesehatan melewati tenggat"
    ]


async def test_a_restore_that_kept_the_ledger_holds_nothing(quiet_town: Town) -> None:
    assert quiet_town.service.after_restore is not None
    now = datetime.now(UTC)
    await quiet_town.service.after_restore(RestoreFacts(now, now, ledger_kept=True))
    assert await holding.active(quiet_town.store) is None


async def test_a_message_copied_later_than_its_post_keeps_its_number(quiet_town: Town) -> None:
    # Given a backup whose post is older than its messages
    await found_town(quiet_town)
    await quiet_town.knows()
    quiet_town.clock.move_to(AFTER)
    await quiet_town.tell()
    await quiet_town.store.erase(POST.name, person_id("Budi"))
    await _restored(quiet_town)

    # When the hold is over and the next stage comes
    await Reminding(quiet_town.rooms).release_held()
    await quiet_town.hear(region(deadline(), deadline(LAST_DAY + timedelta(days=21), revision=2)), 100)
    await quiet_town.tell()

    # Then nothing was told twice, and the new message has a new number
    messages: list[Document] = await quiet_town.messages()
    assert [each.state["number"] for each in messages] == [1, 2]
    assert len({alert["id"] for each in messages for alert in each.state["alerts"]}) == 2


# --- contacts by table ---

TABLE = """nama;email;telepon;perangkat_daerah
Budi;Budi@Dinkes.example;0812-3456-7890;Dinas Kesehatan
Sari;sari@dinsos.example;;dinas sosial
"""


async def test_a_table_is_imported_once_and_keeps_nothing_personal_of_itself(quiet_town: Town) -> None:
    await found_town(quiet_town, "Dinas Kesehatan", "Dinas Sosial")
    importing = quiet_town.rooms.importing
    first = await importing.take("curator-1", "key", REGION, TABLE.encode())
    again = await importing.take("curator-1", "key", REGION, TABLE.encode())
    assert first.state == again.state
    assert (first.state["created"], first.state["updated"], first.state["rows"]) == (2, 0, [])
    with pytest.raises(KeyReused):
        await importing.take("curator-1", "key", REGION, TABLE.encode() + b"\n")
    updated = await importing.take("curator-1", "other", REGION, TABLE.encode())
    assert (updated.state["created"], updated.state["updated"]) == (0, 2)
    assert updated.state["people"] == first.state["people"]


async def test_an_import_that_a_crash_cut_off_is_finished_by_the_sweep(
    quiet_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await found_town(quiet_town, "Dinas Kesehatan", "Dinas Sosial")
    change, contacts_written = quiet_town.store.change, 0

    async def cut(kind: str, id: str, decide, **more):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN202
        nonlocal contacts_written
        if kind == "contact":
            contacts_written += 1
            if contacts_written == 2:
                raise ConnectionError("killed")
        return await change(kind, id, decide, **more)

    monkeypatch.setattr(quiet_town.store, "change", cut)
    with pytest.raises(ConnectionError):
        await quiet_town.rooms.importing.take("curator-1", "key", REGION, TABLE.encode())
    monkeypatch.undo()
    await quiet_town.rooms.sweep.run()
    page = await quiet_town.store.find(CONTACT_IMPORT.name, {"status": "done"})
    assert len(page.documents) == 1
    quiet_town.clock.move_to(AFTER)
    await quiet_town.tell()
    assert len((await quiet_town.store.find(MESSAGE.name, {})).documents) == 2


async def test_a_table_longer_than_one_step_is_imported_wholly_and_once(quiet_town: Town) -> None:
    await found_town(quiet_town, "Dinas Kesehatan")
    lines = [f"Orang {number},orang{number}@dinkes.example,Dinas Kesehatan" for number in range(2 * AT_ONCE + 3)]
    table = "\n".join(["nama,email,perangkat_daerah", *lines]).encode()
    done = await quiet_town.rooms.importing.take("curator-1", "key", REGION, table)
    assert (done.state["status"], done.state["created"], done.state["rows"]) == ("done", len(lines), [])
    kept = (await quiet_town.store.find(CONTACT.name, {}, limit=1000)).documents
    assert sorted(each.state["name"] for each in kept) == sorted(line.partition(",")[0] for line in lines)


async def test_two_contacts_with_one_address_are_one_reader(quiet_town: Town) -> None:
    # Given two curators who kept the same address at the same moment
    await found_town(quiet_town, "Dinas Kesehatan", "Dinas Sosial")
    await quiet_town.knows("Budi", email="budi@dinkes.example")
    await quiet_town.knows("Budi S", of=("Dinas Kesehatan", "Dinas Sosial"), email="Budi@dinkes.example")

    # When both agencies are overdue
    quiet_town.clock.move_to(AFTER)
    await quiet_town.tell()
    await quiet_town.tell()

    # Then the address is told of each agency once
    told = [alert["agency"] for each in await quiet_town.messages() for alert in each.state["alerts"]]
    assert sorted(told) == sorted([agency_id("Dinas Kesehatan"), agency_id("Dinas Sosial")])
