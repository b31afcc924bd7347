from __future__ import annotations

from datetime import UTC, date, datetime

from services.notifications.cli.alerts import AlertsCommand
from services.notifications.cli.remind import RemindCommand
from services.notifications.kinds import POST
from shared.contracts.vocabulary import Zone
from tests.support.notifications_service import (
    WITHIN_30,
    NotificationsService,
    agency_id,
    deadline,
    person_id,
    region,
)
from tests.unit.notifications.reminders.telling import receive_agencies, told


async def test_a_dry_run_for_a_future_day_says_who_is_told_what_why_how_and_when_and_writes_nothing(
    log_service: NotificationsService,
) -> None:
    await receive_agencies(log_service, "Dinas Kesehatan", "Dinas Sosial")
    await log_service.set_contact()
    before = await log_service.obligations()

    lines = await RemindCommand(log_service.parts).dry_run(date(2027, 1, 1))

    how = "(b•••@dinkes.example, email, from 2027-01-02 07:00, deferred by quiet)"
    assert lines == [
        f"would be told: {person_id('Budi')} {how}: Dinas Kesehatan 2026 overdue (due 2027-01-01 to 2027-01-07)",
        "unreachable: Dinas Sosial: no contact with an open address: Dinas Sosial 2026 overdue",
        "1 people would be told, 1 agencies unreachable, 0 alerts held",
    ]
    assert await log_service.obligations() == before
    assert await log_service.store.get(POST.name, person_id("Budi")) is None


async def test_a_future_day_is_a_dry_run_also_without_the_option(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()

    lines = await RemindCommand(log_service.parts).remind(date(2027, 1, 4))

    assert await log_service.messages() == []
    assert "region 61.12: 2027-01-04 is not today there: a dry run" in lines
    assert lines[-1].startswith(f"would be told: {person_id('Budi')}")


async def test_a_day_is_today_in_one_zone_and_tomorrow_in_another(log_service: NotificationsService) -> None:
    # Given two regions, at 00.30 in Jayapura and 22.30 in Pontianak, and no quiet hours
    east = region(deadline()).model_copy(update={"code": "91.71", "zone": Zone.WIT})
    await receive_agencies(log_service)
    await log_service.receive(east)
    log_service.clock.move_to(datetime(2026, 12, 7, 15, 30, tzinfo=UTC))

    lines = await RemindCommand(log_service.parts).remind(date(2026, 12, 8))

    assert "region 61.12: 2026-12-08 is not today there: a dry run" in lines
    assert not any("91.71" in line for line in lines)


async def test_today_is_told_and_the_lines_say_so(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(WITHIN_30)

    lines = await RemindCommand(log_service.parts).remind(None)

    assert await told(log_service) == [("Budi", "before-30")]
    assert lines[0] == (
        f"told: {person_id('Budi')} (b•••@dinkes.example, email): "
        "Dinas Kesehatan 2026 before-30 (due 2026-12-01 to 2026-12-16)"
    )
    assert "1 people told, 0 agencies unreachable, 0 alerts held" in lines


async def test_the_status_names_what_going_live_would_send(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(WITHIN_30)

    lines = await AlertsCommand(log_service.parts).status()

    assert lines[0].startswith("mode live")
    assert lines[1].startswith("live would send at once: 1 messages to 1 persons, 0 of them written already")
    assert (await AlertsCommand(log_service.parts).switch(stopped=True))[0].endswith(
        "STOPPED: nothing is sent (satu alerts start)"
    )
    assert agency_id("Dinas Kesehatan")
