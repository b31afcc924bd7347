from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from services.notifications.kinds import ALERTING, MESSAGE, POST
from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.attempt import Attempt
from services.notifications.messages.message import NEVER, Message, MessageStatus
from services.notifications.messages.repositories import alert_log_repository, message_repository
from services.notifications.reminders.going_live import GoingLive, NotConfirmed
from services.notifications.reminders.mode import MODE_ID, AlertingMode, Mode
from services.notifications.reminders.reminder import Reminder
from services.notifications.reminders.repositories import alerting_repository
from services.notifications.state import replaced
from shared.faults import Conflict, Invalid
from shared.observability.metrics import REGISTRY
from shared.storage.steps import without_event
from tests.support.notifications_service import WITHIN_30, NotificationsService, agency_id, person_id
from tests.unit.notifications.reminders.telling import receive_agencies, sweep_again, told


@pytest.fixture
async def service(log_service: NotificationsService) -> NotificationsService:
    """Two agencies with an officer each, within 30 days of the deadline, in mode log."""
    await receive_agencies(log_service, "Dinas Kesehatan", "Dinas Sosial")
    await log_service.set_contact()
    await log_service.set_contact("Sari", of=["Dinas Sosial"], email="sari@dinsos.example")
    log_service.clock.move_to(WITHIN_30)
    await log_service.parts.reminders.alerting.set_mode(Mode.LOG, (), "operator")
    return log_service


def withheld() -> float | None:
    """The metric of persons whom the mode leaves untold."""
    return REGISTRY.get_sample_value("satu_withheld_persons")


def going_live(
    service: NotificationsService, *, has_channels: bool = True, public_url: str = "https://a.example"
) -> GoingLive:
    reminders = service.parts.reminders
    return GoingLive(
        service.store, reminders.due_list, reminders.alerting, has_channels=has_channels, public_url=public_url
    )


async def test_in_mode_log_nothing_is_stored_and_one_line_a_day_counts(service: NotificationsService) -> None:
    with capture_logs() as lines:
        for _ in range(3):
            await sweep_again(service)

    assert await service.messages() == []
    assert (await service.store.find(POST.name, {})).documents == []
    found = [line for line in lines if line["event"] == "alerts.not_sent"]
    assert [(line["region"], line["day"], line["mode"], line["persons"], line["alerts"]) for line in found] == [
        ("61.12", "2026-12-05", "log", 2, 2)
    ]
    assert withheld() == 2


async def test_the_due_list_is_still_computed_when_asked(service: NotificationsService) -> None:
    entries = [each async for each in service.parts.due_list.entries() if isinstance(each, Reminder)]
    assert [(each.deferred_by, each.not_before) for each in entries] == [("log", None)] * 2


async def test_an_allow_list_reaches_its_persons_and_counts_the_others(service: NotificationsService) -> None:
    await service.parts.reminders.alerting.set_mode(Mode.ALLOW_LIST, (person_id("Sari"),), "operator")
    with capture_logs() as lines:
        await sweep_again(service)
    assert await told(service) == [("Sari", "before-30")]
    assert [line["persons"] for line in lines if line["event"] == "alerts.not_sent"] == [1]


async def test_a_running_process_follows_another_mode_at_once(service: NotificationsService) -> None:
    await sweep_again(service)
    await service.parts.reminders.alerting.set_mode(Mode.LIVE, (), "operator")  # as another process does
    await sweep_again(service)
    assert await told(service) == [("Budi", "before-30"), ("Sari", "before-30")]
    assert withheld() == 0


async def test_the_stop_switch_keeps_everything_out_of_messages(service: NotificationsService) -> None:
    alerting = service.parts.reminders.alerting
    await alerting.set_mode(Mode.LIVE, (), "operator")
    await alerting.switch(stopped=True, by="operator")
    await sweep_again(service)
    assert await service.messages() == []
    await alerting.switch(stopped=False, by="operator")
    await sweep_again(service)
    assert len(await service.messages()) == 2


async def test_going_live_needs_the_numbers_of_persons_and_messages(service: NotificationsService) -> None:
    live = going_live(service)
    for wrong in (None, (2, 3), (1, 2)):
        with pytest.raises(NotConfirmed, match="2 pesan kepada 2 orang"):
            await live.change(Mode.LIVE, (), "operator", wrong)
    await live.change(Mode.LIVE, (), "operator", (2, 2))
    assert (await service.parts.reminders.alerting.in_force()).mode.mode is Mode.LIVE


async def test_going_live_counts_the_messages_that_wait(service: NotificationsService) -> None:
    alerting = service.parts.reminders.alerting
    await alerting.set_mode(Mode.LIVE, (), "operator")
    await sweep_again(service)
    await alerting.set_mode(Mode.LOG, (), "operator")
    await service.set_contact("Rina", email="rina@dinkes.example")

    effect = await going_live(service).effect(AlertingMode(mode=Mode.LIVE))

    assert (effect.persons, effect.messages, effect.waiting) == (3, 3, 2)


async def test_going_live_is_refused_without_a_channel_or_a_public_address(service: NotificationsService) -> None:
    for live in (going_live(service, has_channels=False), going_live(service, public_url="")):
        with pytest.raises(Conflict) as error:
            await live.change(Mode.LIVE, (), "operator", (2, 2))
        assert not isinstance(error.value, NotConfirmed)


async def test_an_allow_list_needs_a_person(service: NotificationsService) -> None:
    with pytest.raises(Invalid):
        await going_live(service).change(Mode.ALLOW_LIST, (), "operator", None)


# --- The first start of this release ---


async def forget_mode(service: NotificationsService) -> None:
    await service.store.erase(ALERTING.name, MODE_ID)


async def attempted(service: NotificationsService, name: str, *channels: str) -> None:
    """The person's first message was handed over through these channels, as an earlier release wrote it."""
    attempts = tuple(
        Attempt(
            number=number,
            channel=channel,
            opened_at=1,
            lease_until=2,
            closed_at=2,
            answer=AnswerClass.ACCEPTED,
            possibly_repeated=False,
        )
        for number, channel in enumerate(channels, start=1)
    )

    def sent(message: Message) -> Message:
        return replaced(message, attempts=attempts, status=MessageStatus.SENT, due=NEVER)

    await message_repository(service.store).amend(f"{person_id(name)}/1", None, without_event(sent))


@pytest.fixture
async def former(service: NotificationsService) -> NotificationsService:
    """A store in which both persons have a message, and that has no mode yet."""
    await service.parts.reminders.alerting.set_mode(Mode.LIVE, (), "operator")
    await sweep_again(service)
    await forget_mode(service)
    return service


async def test_a_store_that_mailed_comes_up_live_and_tells_nobody_again(former: NotificationsService) -> None:
    await attempted(former, "Budi", "email")
    await attempted(former, "Sari", "email")
    await former.parts.reminders.alerting.begin()
    await former.parts.sweep.run()
    assert (await former.parts.reminders.alerting.in_force()).mode.mode is Mode.LIVE
    assert await told(former) == [("Budi", "before-30"), ("Sari", "before-30")]


async def test_a_store_that_only_logged_comes_up_in_mode_log_and_has_told_nobody(former: NotificationsService) -> None:
    await attempted(former, "Budi", "log")
    await attempted(former, "Sari", "log")
    await former.parts.reminders.alerting.begin()
    await former.parts.sweep.run()

    assert (await former.parts.reminders.alerting.in_force()).mode.mode is Mode.LOG
    assert (await alert_log_repository(former.store).get(person_id("Budi"))).value.alerts == ()
    effect = await going_live(former).effect(AlertingMode(mode=Mode.LIVE))
    assert (effect.persons, effect.messages) == (2, 2)

    # And after the confirmation they are told, under a new number
    await going_live(former).change(Mode.LIVE, (), "operator", (2, 2))
    await sweep_again(former)
    assert [each.value.number for each in await former.messages()] == [1, 2, 1, 2]


async def test_in_a_store_that_did_both_only_what_was_logged_is_told_again(former: NotificationsService) -> None:
    await attempted(former, "Budi", "log")
    await attempted(former, "Sari", "log", "email")
    await former.parts.reminders.alerting.begin()
    await former.parts.sweep.run()
    assert await told(former) == [("Budi", "before-30"), ("Budi", "before-30"), ("Sari", "before-30")]


async def test_a_mode_that_was_set_is_never_decided_again(former: NotificationsService) -> None:
    await former.parts.reminders.alerting.begin()
    await attempted(former, "Budi", "email")
    await former.parts.reminders.alerting.begin()
    mode = await alerting_repository(former.store).get(MODE_ID)
    assert (mode.value.mode, mode.value.by) == (Mode.LOG, "upgrade")
    assert len((await former.store.find(MESSAGE.name, {})).documents) == 2
    assert agency_id("Dinas Sosial")
