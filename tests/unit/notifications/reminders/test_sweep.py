from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.contacts.role import ContactRole
from services.notifications.messages.writing import note_delivered, note_undelivered, write_message
from services.notifications.reminders.queue import Woken
from services.notifications.state import replaced
from shared.clock import machine_ms
from shared.contracts.vocabulary import CountsWhen
from shared.observability.failpoints import Failpoint
from tests.support.notifications_service import (
    AFTER,
    BEFORE,
    WITHIN_30,
    YEAR,
    NotificationsService,
    agency,
    agency_id,
    innovation,
    person_id,
    region,
)
from tests.unit.notifications.reminders.telling import (
    close_email,
    hear_passed,
    reasons,
    receive_agencies,
    set_policy,
    settle,
    sweep_again,
    told,
)

WORKING_DAY = datetime(2026, 6, 2, 3, tzinfo=UTC)


async def test_time_alone_makes_an_obligation_overdue(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    assert (await log_service.obligation()).phase == "open"
    log_service.clock.move_to(AFTER)
    await hear_passed(log_service)
    await log_service.parts.sweep.run()
    assert (await log_service.obligation()).phase == "overdue"
    log_service.clock.move_to(BEFORE)
    await log_service.parts.sweep.run()
    assert (await log_service.obligation()).phase == "open"


async def test_one_person_of_two_agencies_gets_one_message_with_both(log_service: NotificationsService) -> None:
    await receive_agencies(log_service, "Dinas Kesehatan", "Dinas Sosial")
    await log_service.set_contact(of=["Dinas Kesehatan", "Dinas Sosial"])
    log_service.clock.move_to(WITHIN_30)
    await log_service.parts.sweep.run()
    (message,) = await log_service.messages()
    assert {each.reason.agency for each in message.value.alerts} == {
        agency_id("Dinas Kesehatan"),
        agency_id("Dinas Sosial"),
    }


async def test_a_late_start_tells_the_most_advanced_stage_only(log_service: NotificationsService) -> None:
    log_service.clock.move_to(AFTER)
    await receive_agencies(log_service)
    await log_service.set_contact()
    await hear_passed(log_service)
    await log_service.parts.sweep.run()
    assert [each.what for each in await reasons(log_service)] == ["overdue"]


async def test_nobody_is_told_twice_however_often_and_by_whomever_it_is_swept(
    log_service: NotificationsService,
) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(WITHIN_30)
    other = NotificationsService(log_service.store, log_service.clock, log_service.world, log_service.service)
    for service in (log_service, other, log_service):
        await service.parts.sweep.run()
        await sweep_again(service)
    assert [each.what for each in await reasons(log_service)] == ["before-30"]


async def test_nobody_is_reminded_while_the_innovation_awaits_the_curator(log_service: NotificationsService) -> None:
    await log_service.receive(region(counts_when=CountsWhen.VERIFIED))
    await log_service.receive(agency())
    await log_service.receive(innovation())
    await log_service.set_contact()
    for moment in (WITHIN_30, AFTER):
        log_service.clock.move_to(moment)
        await log_service.parts.sweep.run()
    assert (await log_service.obligation()).phase == "waiting"
    assert await log_service.messages() == []


async def test_nobody_is_told_that_it_is_late_before_the_registry_has_reported(
    log_service: NotificationsService,
) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(AFTER)
    await log_service.parts.sweep.run()
    assert (await log_service.obligation()).phase == "registry"
    assert await log_service.messages() == []


async def test_an_agency_that_nobody_can_be_told_about_is_reported(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact(email=None)
    log_service.clock.move_to(WITHIN_30)
    found = await log_service.parts.sweep.run()
    assert [(each.agency, each.years) for each in found.unreachable] == [(agency_id("Dinas Kesehatan"), (YEAR,))]


async def test_two_contacts_with_one_address_receive_each_alert_once(log_service: NotificationsService) -> None:
    # Given two curators who created the same address at the same time
    await receive_agencies(log_service, "Dinas Kesehatan", "Dinas Sosial")
    await log_service.set_contact("Budi", email="budi@dinkes.example")
    await log_service.set_contact("Budi S", of=("Dinas Kesehatan", "Dinas Sosial"), email="Budi@dinkes.example")

    # When both agencies have something due
    log_service.clock.move_to(WITHIN_30)
    await log_service.parts.sweep.run()
    await log_service.parts.sweep.run()

    # Then the address is reminded of each agency once
    agencies = [each.agency for each in await reasons(log_service)]
    assert sorted(map(str, agencies)) == sorted([agency_id("Dinas Kesehatan"), agency_id("Dinas Sosial")])


async def test_a_crash_between_alert_log_and_message_is_repaired(
    log_service: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a process that is killed just after the alert log took the alert
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(WITHIN_30)

    def die(moment: Failpoint, what: str) -> None:
        if moment is Failpoint.ALERT_TAKEN:
            raise ConnectionError(what)

    monkeypatch.setattr("shared.observability.failpoints._listeners", [die])
    with pytest.raises(ConnectionError):
        await log_service.parts.sweep.run()
    monkeypatch.setattr("shared.observability.failpoints._listeners", [])
    assert await log_service.messages() == []

    # When another process runs
    await log_service.parts.sweep.run()

    # Then the message is the one that the alert log names
    (message,) = await log_service.messages()
    assert message.id == f"{person_id('Budi')}/1"
    assert not await write_message(log_service.store, person_id("Budi"))


# --- Level-triggered: what makes the next sweep look ---


async def test_a_stage_that_begins_by_the_calendar_is_told(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(WORKING_DAY)
    await log_service.parts.sweep.run_if_needed()
    assert (await log_service.obligation()).look == "2026-11-01"  # 60 days before
    assert await log_service.messages() == []

    log_service.clock.move_to(datetime(2026, 11, 2, 3, tzinfo=UTC))
    await sweep_again(log_service)

    assert [each.what for each in await reasons(log_service)] == ["before-60"]
    assert (await log_service.obligation()).look == "2026-12-01"


async def test_a_contact_that_is_woken_is_told_what_still_holds(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    log_service.clock.move_to(WITHIN_30)
    await log_service.parts.sweep.run_if_needed()
    await log_service.set_contact()
    await sweep_again(log_service)
    assert await log_service.messages() == []  # nothing has said that there is anybody now

    log_service.parts.queue.wake_agency(agency_id("Dinas Kesehatan"))
    await sweep_again(log_service)

    assert [each.what for each in await reasons(log_service)] == ["before-30"]


async def test_what_changes_while_a_sweep_rests_is_looked_at_once_it_has_rested(
    log_service: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a sweep that took two milliseconds, and so rests for a tenth of a second
    sweep, queue, times = log_service.parts.sweep, log_service.parts.queue, iter([0.0, 0.002])
    monkeypatch.setattr("services.notifications.reminders.sweep.machine_seconds", lambda: next(times, 0.002))
    await sweep.run_if_needed()
    ran: list[Woken] = []
    monkeypatch.setattr(sweep, "_run", lambda woken, _: ran.append(woken))

    # When something changes twice meanwhile
    for name in ("Dinas Kesehatan", "Dinas Sosial"):
        queue.wake_agency(agency_id(name))
        queue.event.clear()  # as the loop does when it is woken
        await sweep.run_if_needed()

    # Then nothing is swept yet, and the loop is woken when the rest is over
    assert ran == []
    await asyncio.wait_for(queue.event.wait(), 10)
    assert queue.drain().agencies == {agency_id("Dinas Kesehatan"), agency_id("Dinas Sosial")}


async def test_a_contact_that_becomes_valid_by_the_calendar_is_told(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact(valid_from=date(2026, 12, 7), valid_to=date(2026, 12, 9))
    for day, told_so_far in ((5, 0), (6, 0), (7, 1), (8, 1)):
        log_service.clock.move_to(datetime(2026, 12, day, 3, tzinfo=UTC))
        await sweep_again(log_service)
        assert len(await log_service.messages()) == told_so_far


async def test_a_successor_at_another_address_is_told_what_still_holds(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    person = await log_service.set_contact()
    log_service.clock.move_to(WITHIN_30)
    await log_service.parts.sweep.run()

    def succeeded(contact: Contact | None) -> tuple[Contact, None]:
        assert contact is not None
        return replaced(contact, email="sari@dinkes.example", address_revision=2), None

    await contact_repository(log_service.store).change(person, succeeded)
    await log_service.parts.sweep.run()

    assert [each.what for each in await reasons(log_service)] == ["before-30", "before-30"]
    revisions = [alert.address_revision for each in await log_service.messages() for alert in each.value.alerts]
    assert revisions == [1, 2]


async def test_an_idle_sweep_reads_no_obligation_and_no_contact(
    log_service: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(WORKING_DAY)
    await log_service.parts.sweep.run_if_needed()
    reads: list[str] = []
    for name in ("get", "find", "scan", "change"):
        whole = getattr(log_service.store, name)

        def counted(kind: str, *rest, whole=whole, **more):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002, ANN003, ANN202
            reads.append(kind)
            return whole(kind, *rest, **more)

        monkeypatch.setattr(log_service.store, name, counted)

    await sweep_again(log_service)

    assert reads.count("obligation") <= 4  # deadlines that pass (2), what the registry owes, and whose day has come
    assert not {"contact", "membership", "post/", "known_agency"} & set(reads)


# --- Quiet times and caps ---


async def test_nothing_is_put_into_messages_in_quiet_hours_and_everything_in_the_morning(
    log_service: NotificationsService,
) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(datetime(2026, 12, 5, 15, tzinfo=UTC))  # 22.00 in Pontianak
    await sweep_again(log_service)
    assert await log_service.messages() == []

    log_service.clock.move_to(datetime(2026, 12, 6, 0, tzinfo=UTC))  # 07.00
    await sweep_again(log_service)

    assert [each.what for each in await reasons(log_service)] == ["before-30"]


async def test_messages_are_written_two_minutes_before_quiet_hours_end_and_due_when_they_do(
    log_service: NotificationsService,
) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(datetime(2026, 12, 5, 23, 57, tzinfo=UTC))  # 06.57 in Pontianak
    await sweep_again(log_service)
    assert await log_service.messages() == []

    log_service.clock.move_to(datetime(2026, 12, 5, 23, 58, 30, tzinfo=UTC))  # 06.58.30
    before = machine_ms()
    await sweep_again(log_service)

    [message] = [each.value for each in await log_service.messages()]
    assert before + 60_000 < message.due == message.due_since <= machine_ms() + 90_000
    assert message.taken_at >= before
    assert message.as_of == date(2026, 12, 6)
    assert not message.is_due(machine_ms())


async def test_nothing_is_written_ahead_of_a_morning_of_another_day(log_service: NotificationsService) -> None:
    await set_policy(log_service, quiet_from=time(20), quiet_until=time(0))
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(datetime(2026, 12, 5, 16, 59, tzinfo=UTC))  # 23.59 in Pontianak

    await sweep_again(log_service)

    assert await log_service.messages() == []


async def test_the_fourth_message_of_a_day_waits_for_tomorrow(log_service: NotificationsService) -> None:
    names = [f"Dinas {each}" for each in "ABCD"]
    await receive_agencies(log_service, *names)
    log_service.clock.move_to(WITHIN_30)
    for count in range(1, 5):  # one more agency each time
        await log_service.set_contact(of=names[:count])
        log_service.parts.queue.wake_agency(agency_id(names[count - 1]))
        await sweep_again(log_service)
    assert len(await log_service.messages()) == 3

    log_service.clock.move_to(WITHIN_30 + timedelta(days=1))
    await sweep_again(log_service)

    assert len(await log_service.messages()) == 4
    assert len({each.agency for each in await reasons(log_service)}) == 4


async def test_what_a_cap_defers_is_put_into_a_message_tomorrow_also_when_it_names_no_agency(
    log_service: NotificationsService,
) -> None:
    # Given two contacts who are only to confirm their addresses, and one message a day
    log_service.clock.move_to(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await receive_agencies(log_service)
    await set_policy(log_service, region_cap=1)
    for name in ("Budi", "Sari"):
        await log_service.set_contact(name, email=f"{name}@dinkes.example", to_confirm=True)
    await sweep_again(log_service)
    assert len(await told(log_service)) == 1

    # When the next day begins
    log_service.clock.move_to(datetime(2026, 6, 3, 3, tzinfo=UTC))
    await sweep_again(log_service)

    # Then the other one is asked
    assert await told(log_service) == [("Budi", "confirm"), ("Sari", "confirm")]


async def test_a_regions_cap_defers_the_rest_to_tomorrow_the_nearest_deadline_first(
    log_service: NotificationsService,
) -> None:
    await set_policy(log_service, region_cap=2)
    names = [f"Dinas {each}" for each in "ABCDE"]
    await receive_agencies(log_service, *names)
    for name in names:
        await log_service.set_contact(name, of=[name], email=f"{name[-1]}@dinas.example")
    for day, count in ((5, 2), (5, 2), (6, 4), (7, 5), (8, 5)):
        log_service.clock.move_to(datetime(2026, 12, day, 3, tzinfo=UTC))
        await sweep_again(log_service)
        assert len(await log_service.messages()) == count


async def test_another_ladder_is_followed_at_once(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    await sweep_again(log_service)
    await set_policy(log_service, before=(300, 5))
    log_service.clock.move_to(datetime(2026, 6, 2, 3, tzinfo=UTC))
    await sweep_again(log_service)
    assert [each.what for each in await reasons(log_service)] == ["before-300"]


# --- Escalation ---


async def test_the_head_is_told_only_when_no_officer_can_be_reached(log_service: NotificationsService) -> None:
    await receive_agencies(log_service, "Dinas Kesehatan", "Dinas Sosial")
    await log_service.set_contact("Budi", email="budi@dinkes.example")
    await log_service.set_contact("Rina", email="rina@dinkes.example")
    await log_service.set_contact("Kepala A", email="kepala@dinkes.example", role=ContactRole.HEAD)
    await log_service.set_contact("Kepala B", of=["Dinas Sosial"], email="kepala@dinsos.example", role=ContactRole.HEAD)
    log_service.clock.move_to(WITHIN_30)

    await log_service.parts.sweep.run()

    assert await told(log_service) == [("Budi", "before-30"), ("Kepala B", "before-30"), ("Rina", "before-30")]


async def test_the_head_is_not_told_of_what_an_officer_was_told_before_the_address_was_closed(
    log_service: NotificationsService,
) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact("Budi")
    await log_service.set_contact("Kepala", email="kepala@dinkes.example", role=ContactRole.HEAD)
    log_service.clock.move_to(WITHIN_30)
    await log_service.parts.sweep.run()
    await settle(log_service, "Budi")
    await close_email(log_service, "Budi")

    await log_service.parts.sweep.run()

    assert await told(log_service) == [("Budi", "before-30")]


async def test_the_head_is_told_of_what_never_reached_an_officer(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact("Budi")
    await log_service.set_contact("Kepala", email="kepala@dinkes.example", role=ContactRole.HEAD)
    log_service.clock.move_to(WITHIN_30)
    await log_service.parts.sweep.run()
    await close_email(log_service, "Budi")

    await log_service.parts.sweep.run()

    assert await told(log_service) == [("Budi", "before-30"), ("Kepala", "before-30")]


async def test_for_an_undelivered_alert_the_officer_counts_as_not_reachable(
    log_service: NotificationsService,
) -> None:
    await receive_agencies(log_service)
    person = await log_service.set_contact("Budi")
    await log_service.set_contact("Kepala", email="kepala@dinkes.example", role=ContactRole.HEAD)
    log_service.clock.move_to(WITHIN_30)
    await log_service.parts.sweep.run()
    assert await note_undelivered(log_service.store, person, 1)
    await log_service.parts.sweep.run()
    assert await told(log_service) == [("Budi", "before-30"), ("Kepala", "before-30")]

    # And the next stage is told to the officer again
    assert await note_delivered(log_service.store, person, 1)
    log_service.clock.move_to(datetime(2026, 12, 18, 3, tzinfo=UTC))
    await log_service.parts.sweep.run()
    assert [each for each in await told(log_service) if each[1] == "before-14"] == [("Budi", "before-14")]
