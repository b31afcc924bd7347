"""Reminders that a curator asks for by hand: once a day for each duty, under the rules of every alert."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from services.notifications.obligations.exemption import Exemption
from services.notifications.obligations.repositories import exemption_repository
from services.notifications.reminders.asked.asking import Wanted
from services.notifications.reminders.asked.outcome import Outcome
from services.notifications.reminders.asked.reasons import ASKED_FOR
from services.notifications.reminders.mode import Mode
from services.notifications.reminders.reminder import Deferral, Reminder
from shared.faults import KeyReused
from shared.storage.steps import without_event
from shared.storage.stored import Fingerprint
from tests.support.notifications_service import (
    REGION,
    YEAR,
    NotificationsService,
    agency,
    agency_id,
    innovation,
    notifications_service,
    set_mode,
)
from tests.unit.notifications.reminders.telling import reasons, receive_agencies, set_policy, sweep_again, told

TUESDAY = datetime(2026, 9, 8, 3, tzinfo=UTC)  # 10.00 in Pontianak; the first stage begins on 1 November
TODAY = TUESDAY.date()
EVENING = datetime(2026, 9, 8, 13, tzinfo=UTC)  # 20.00 there


@pytest.fixture
async def office(log_service: NotificationsService) -> NotificationsService:
    """Two agencies that owe their innovation, one with an officer, on a day on which nothing is due."""
    log_service.clock.move_to(TUESDAY)
    await receive_agencies(log_service, "Dinas Kesehatan", "Dinas Sosial")
    await log_service.set_contact("Budi")
    await set_policy(log_service, report_roles=())
    await sweep_again(log_service)
    return log_service


async def ask(service: NotificationsService, *names: str, key: str = "k") -> dict[str, Outcome]:
    """What the curator is answered, by agency."""
    wanted = Wanted(REGION, YEAR, tuple(agency_id(each) for each in names or ("Dinas Kesehatan",)))
    mark = Fingerprint(repr(wanted), repr(wanted))
    stored = await service.parts.reminders.asking.ask(key, wanted, "account-c", mark)
    answered = [each.outcome for each in stored.value.agencies]
    return dict(zip(names or ("Dinas Kesehatan",), answered, strict=True))


async def said(service: NotificationsService) -> list[str]:
    """Subjects of everything that would be handed over now, message by message."""
    prepared = await service.parts.preparation.batch(await service.messages())
    return [each.render(each.channels[0], None).text for each in prepared if each.details]


async def test_what_a_curator_asks_for_is_told_once_that_day_and_again_on_another(office: NotificationsService) -> None:
    first = await ask(office)
    for _ in range(2):
        await sweep_again(office)
    again = await ask(office, key="k2")
    await sweep_again(office)
    office.clock.move_to(TUESDAY + timedelta(days=1))
    tomorrow = await ask(office, key="k3")
    await sweep_again(office)

    assert (*first.values(), *again.values(), *tomorrow.values()) == (Outcome.TELL, Outcome.TOLD, Outcome.TELL)
    assert [(each.what, each.day) for each in await reasons(office)] == [
        ("on-request", TODAY),
        ("on-request", TODAY + timedelta(days=1)),
    ]
    assert "Kantor kurator mengirim pengingat ini di luar jadwal." in (await said(office))[0]


async def test_two_requests_of_one_day_tell_once_even_if_no_sweep_came_between(office: NotificationsService) -> None:
    assert list((await ask(office)).values()) == [Outcome.TELL]
    assert list((await ask(office, key="k2")).values()) == [Outcome.ASKED]
    await sweep_again(office)

    assert await told(office) == [("Budi", "on-request")]


async def test_a_repeated_request_is_answered_as_before_and_another_body_is_refused(
    office: NotificationsService,
) -> None:
    first = await ask(office)
    await sweep_again(office)

    assert await ask(office) == first
    with pytest.raises(KeyReused):
        await ask(office, "Dinas Sosial")
    assert await told(office) == [("Budi", "on-request")]


async def test_each_agency_that_is_not_told_says_why(office: NotificationsService) -> None:
    for name in ("Dinas Lunas", "Dinas Bebas", "Dinas Lama"):
        await office.receive(agency(name))
    await office.receive(innovation("Lunas", by="Dinas Lunas"))
    await office.receive(agency("Dinas Lama", retired=True, retired_on=date(2026, 1, 1)), 900)
    freed = Exemption(agency=agency_id("Dinas Bebas"), region=REGION, year=YEAR, decree="1", reason="x", by="c")
    id = f"{agency_id('Dinas Bebas')}/{YEAR}"
    await exemption_repository(office.store).change(id, without_event(lambda _: freed))
    await office.parts.ledger.recompute(agency_id("Dinas Bebas"), YEAR)

    assert await ask(office, "Dinas Lunas", "Dinas Bebas", "Dinas Lama", "Dinas Sosial", "Dinas Asing") == {
        "Dinas Lunas": Outcome.FULFILLED,
        "Dinas Bebas": Outcome.EXEMPTED,
        "Dinas Lama": Outcome.RETIRED,
        "Dinas Sosial": Outcome.NO_CONTACT,
        "Dinas Asing": Outcome.UNKNOWN,
    }
    await sweep_again(office)
    assert await told(office) == []


async def test_a_year_without_a_deadline_has_no_duty(office: NotificationsService) -> None:
    wanted = Wanted(REGION, 2031, (agency_id("Dinas Kesehatan"),))

    assert [each.outcome for each in await office.parts.reminders.asking.judge(wanted)] == [Outcome.NO_DUTY]


async def test_a_judgement_names_who_would_be_told_and_writes_nothing(office: NotificationsService) -> None:
    wanted = Wanted(REGION, YEAR, (agency_id("Dinas Kesehatan"), agency_id("Dinas Sosial")))
    judged = await office.parts.reminders.asking.judge(wanted)
    await sweep_again(office)

    assert [[(each.contact.name, each.deferred_by) for each in one.people] for one in judged] == [[("Budi", None)], []]
    assert await told(office) == []
    assert await office.parts.reminders.asking.requests.waiting() == []


async def test_a_stage_and_a_request_of_one_day_are_one_message_that_says_it_once(office: NotificationsService) -> None:
    office.clock.move_to(datetime(2026, 11, 1, 22, tzinfo=UTC))  # Monday 2 November, 05.00: before-60 begins, quiet
    await ask(office)
    office.clock.move_to(datetime(2026, 11, 2, 3, tzinfo=UTC))
    await sweep_again(office)

    assert sorted(await told(office)) == [("Budi", "before-60"), ("Budi", "on-request")]
    assert len(await office.messages()) == 1
    (text,) = await said(office)
    assert text.count("tercatat belum terpenuhi") == 1
    assert "pemberitahuan" not in text.partition("\n\n")[0]


async def test_who_heard_the_stage_today_is_not_told_again_today_nor_later(office: NotificationsService) -> None:
    office.clock.move_to(datetime(2026, 11, 2, 3, tzinfo=UTC))
    await sweep_again(office)
    judged = await ask(office)
    wanted = Wanted(REGION, YEAR, (agency_id("Dinas Kesehatan"),))
    forced = Fingerprint("forced", "forced")
    # as if both had happened at once: the request was judged before the stage was taken
    request = (await office.parts.reminders.asking.ask("k2", wanted, "account-c", forced)).value
    told_anyway = request.model_copy(
        update={"agencies": (request.agencies[0].model_copy(update={"outcome": Outcome.TELL}),), "waiting": True}
    )
    repository = office.parts.reminders.asking.requests.repository
    await repository.change("k3", without_event(lambda _: told_anyway))
    for days in (0, 1, 2):
        office.clock.move_to(datetime(2026, 11, 2 + days, 3, tzinfo=UTC))
        office.parts.queue.wake_all()
        await sweep_again(office)
    await sweep_again(office)

    assert judged == {"Dinas Kesehatan": Outcome.TOLD}
    assert await told(office) == [("Budi", "before-60")]
    assert await office.parts.reminders.asking.requests.waiting() == []


async def test_in_quiet_hours_it_waits_for_the_morning(office: NotificationsService) -> None:
    office.clock.move_to(EVENING)
    judged = await ask(office)
    await sweep_again(office)
    at_night = await told(office)
    office.clock.move_to(TUESDAY + timedelta(days=1))
    await sweep_again(office)

    assert (judged, at_night) == ({"Dinas Kesehatan": Outcome.TELL}, [])
    assert [(each.what, each.day) for each in await reasons(office)] == [("on-request", TODAY)]
    assert (await office.parts.reminders.asking.silence(REGION))[0] is None


async def test_in_mode_log_nothing_goes_out_until_it_is_live_and_then_no_longer_than_two_weeks(
    office: NotificationsService,
) -> None:
    await set_mode(office.store, Mode.LOG)
    wanted = Wanted(REGION, YEAR, (agency_id("Dinas Kesehatan"),))
    judged = await office.parts.reminders.asking.judge(wanted)
    await ask(office)
    await sweep_again(office)
    silent = await told(office)
    listed = [each async for each in office.parts.due_list.entries(region=REGION)]
    assert (await office.parts.reminders.asking.silence(REGION))[0] is Deferral.LOG
    office.clock.move_to(TUESDAY + timedelta(days=ASKED_FOR))
    await set_mode(office.store, Mode.LIVE)
    await sweep_again(office)
    late = await told(office)
    office.clock.move_to(TUESDAY + timedelta(days=ASKED_FOR - 1))
    office.parts.queue.wake_all()
    await sweep_again(office)

    assert [each.deferred_by for each in judged[0].people] == [Deferral.LOG]
    assert [due.reason.what for each in listed if isinstance(each, Reminder) for due in each.reasons] == ["on-request"]
    assert (silent, late, await told(office)) == ([], [], [("Budi", "on-request")])


async def test_the_cap_of_a_person_defers_it_to_the_next_day(office: NotificationsService) -> None:
    await set_policy(office, report_roles=(), person_cap=1)
    await office.set_contact("Budi", of=["Dinas Kesehatan", "Dinas Sosial"])
    await ask(office, "Dinas Sosial")
    await sweep_again(office)
    await ask(office, "Dinas Kesehatan", key="k2")
    await sweep_again(office)
    capped = await told(office)
    office.clock.move_to(TUESDAY + timedelta(days=1))
    await sweep_again(office)

    assert len(capped) == 1
    assert await told(office) == [("Budi", "on-request")] * 2


async def test_what_was_fulfilled_meanwhile_is_not_said(office: NotificationsService) -> None:
    await ask(office)
    await sweep_again(office)
    said_before = len(await said(office))
    await office.receive(innovation())

    assert (said_before, await said(office)) == (1, [])


async def test_a_process_that_starts_later_tells_what_was_asked(office: NotificationsService, tmp_path: Path) -> None:
    await ask(office)
    async with notifications_service(tmp_path, at=TUESDAY) as later:
        await later.parts.sweep.run()

        assert await told(later) == [("Budi", "on-request")]
