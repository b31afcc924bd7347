from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.notifications.cli.remind import RemindCommand
from services.notifications.kinds import POST
from services.notifications.reminders.after_restore import active_hold
from services.notifications.reminders.reminder import Reminder
from shared.contracts.vocabulary import InnovationStatus
from shared.runtime.service import RestoreFacts
from tests.support.notifications_service import (
    AFTER,
    LAST_DAY,
    WITHIN_30,
    NotificationsService,
    agency_id,
    deadline,
    innovation,
    person_id,
    region,
)
from tests.unit.notifications.reminders.telling import hear_passed, reasons, receive_agencies, sweep_again, told


async def after_restore(service: NotificationsService) -> None:
    now = datetime.now(UTC)
    facts = RestoreFacts(backup_at=now - timedelta(days=1), restored_at=now, ledger_kept=False)
    assert service.service.after_restore is not None
    await service.service.after_restore(facts)


async def test_after_a_restore_without_its_ledger_nobody_is_told_until_the_operator_decides(
    log_service: NotificationsService,
) -> None:
    # Given something due that may have been sent between the backup and the loss, and an unsettled message
    await receive_agencies(log_service, "Dinas Kesehatan", "Dinas Sosial")
    await log_service.set_contact()
    log_service.clock.move_to(WITHIN_30)
    await log_service.parts.sweep.run()
    await log_service.set_contact("Sari", of=["Dinas Sosial"], email="sari@dinsos.example")
    await after_restore(log_service)

    # Then nothing is put into messages
    for _ in range(2):
        await log_service.parts.sweep.run()
    assert await told(log_service) == [("Budi", "before-30")]
    assert (await log_service.message()).status == "held"
    held = [each async for each in log_service.parts.due_list.entries() if isinstance(each, Reminder)]
    assert [(each.alerts, len(each.held), each.deferred_by) for each in held] == [((), 1, "held")]

    lines = await RemindCommand(log_service.parts).dry_run(None)
    assert [line for line in lines if line.startswith(f"held since the restore: {person_id('Sari')} ")]

    # And when the operator releases it, it is, by a process that is running
    await RemindCommand(log_service.parts).release_held()
    await sweep_again(log_service)
    assert await told(log_service) == [("Budi", "before-30"), ("Sari", "before-30")]
    assert (await log_service.message()).status == "waiting"


async def test_a_return_before_the_restore_is_held_too(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(WITHIN_30)
    await log_service.receive(innovation(turn=1, since=WITHIN_30), 10)
    await log_service.receive(innovation(status=InnovationStatus.RETURNED, turn=2, since=WITHIN_30), 20)
    await after_restore(log_service)
    await log_service.parts.sweep.run()
    assert await log_service.messages() == []


async def test_discarded_alerts_are_never_sent(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(WITHIN_30)
    await after_restore(log_service)
    lines = await RemindCommand(log_service.parts).discard_held()
    assert lines == ["1 held alerts and 0 held messages are discarded"]
    await log_service.parts.sweep.run()
    assert await log_service.messages() == []
    assert await active_hold(log_service.store) is None


async def test_what_becomes_due_after_the_restore_is_sent(log_service: NotificationsService) -> None:
    await receive_agencies(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(WITHIN_30)
    await after_restore(log_service)
    log_service.clock.move_to(AFTER)
    await hear_passed(log_service)
    await log_service.parts.sweep.run()
    assert await told(log_service) == [("Budi", "overdue")]


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
    log_service.clock.move_to(WITHIN_30)
    await log_service.parts.sweep.run()
    await log_service.store.erase(POST.name, person_id("Budi"))
    await after_restore(log_service)

    # When the hold is over and the next stage comes
    await RemindCommand(log_service.parts).release_held()
    await log_service.receive(region(deadline(), deadline(LAST_DAY + timedelta(days=21), revision=2)), 100)
    await log_service.parts.sweep.run()

    # Then no alert was sent twice, and the new message has a new number
    messages = [each.value for each in await log_service.messages()]
    assert [each.number for each in messages] == [1, 2]
    assert len({alert.id for each in messages for alert in each.alerts}) == len(await reasons(log_service))
    assert agency_id("Dinas Kesehatan")
