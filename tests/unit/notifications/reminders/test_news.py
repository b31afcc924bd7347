from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from services.notifications.contacts.role import ContactRole
from services.notifications.messages.message import Message
from shared.contracts.endpoint import DisablingCause, EndpointChanged, EndpointStatus
from shared.contracts.region import RegionRegistered
from shared.contracts.scorecard import InnovationScored
from shared.contracts.vocabulary import InnovationStatus
from shared.storage.repository import Versioned
from tests.support.notifications_service import (
    REGION,
    WITHIN_30,
    YEAR,
    NotificationsService,
    agency,
    agency_id,
    deadline,
    innovation,
    innovation_id,
    region,
)
from tests.unit.notifications.reminders.telling import (
    close_email,
    hear_passed,
    reasons,
    receive_agencies,
    set_policy,
    sweep_again,
    told,
)

TUESDAY = datetime(2026, 9, 8, 3, tzinfo=UTC)  # 10.00 in Pontianak
MOVED = date(2027, 1, 21)


def submitted(status: InnovationStatus = InnovationStatus.SUBMITTED, turn: int = 1, **more: object):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return innovation(status=status, turn=turn, since=TUESDAY, **more)  # type: ignore[arg-type]


def scored(
    sequence: int, status: InnovationStatus = InnovationStatus.SUBMITTED, agency: str = "Dinas Kesehatan"
) -> InnovationScored:
    return InnovationScored(
        innovation=innovation_id("Spirit"),
        innovation_sequence=sequence,
        region=REGION,
        agency=agency_id(agency),
        year=YEAR,
        status=status,
        catalogue="2026.1",
        digest="0" * 64,
        claimed=Decimal(60),
        verified=Decimal(0),
        most=Decimal(111),
        rows=(),
        missing_mandatory=(),
    )


@pytest.fixture
async def service(log_service: NotificationsService) -> NotificationsService:
    """One agency with one officer, on a Tuesday in September."""
    log_service.clock.move_to(TUESDAY)
    await receive_agencies(log_service)
    await log_service.set_contact()
    return log_service


# --- Innovations ---


async def test_a_return_is_told_once_and_opens_the_duty_again(service: NotificationsService) -> None:
    await service.receive(submitted(), 10)
    await sweep_again(service)
    assert await service.messages() == []

    await service.receive(submitted(InnovationStatus.RETURNED, 2), 20)
    for _ in range(3):
        await sweep_again(service)

    assert await told(service) == [("Budi", "opened-again"), ("Budi", "returned")]
    assert len(await service.messages()) == 1  # both in one message
    assert {each.spell for each in await reasons(service)} == {"", f"{innovation_id('Spirit')}/2"}


async def test_a_second_return_is_told_again(service: NotificationsService) -> None:
    for turn, status in enumerate(("submitted", "returned", "submitted", "returned"), start=1):
        await service.receive(submitted(InnovationStatus(status), turn), 10 * turn)
        await sweep_again(service)
    assert [(each.what, each.turn) for each in await reasons(service) if each.what == "returned"] == [
        ("returned", 2),
        ("returned", 4),
    ]


async def test_an_innovation_that_was_mended_meanwhile_is_not_told_as_returned(service: NotificationsService) -> None:
    await service.receive(submitted(), 10)
    await service.receive(submitted(InnovationStatus.RETURNED, 2), 20)
    await service.receive(submitted(InnovationStatus.SUBMITTED, 3), 30)
    await sweep_again(service)
    assert await service.messages() == []


async def test_verified_and_scored_are_told_once_each_turn_and_only_for_a_week(service: NotificationsService) -> None:
    await service.receive(submitted(), 10)
    await service.receive(scored(10))
    await service.receive(submitted(InnovationStatus.VERIFIED, 2), 20)
    await service.receive(scored(20, InnovationStatus.VERIFIED))
    for _ in range(2):
        await sweep_again(service)
    assert await told(service) == [("Budi", "scored"), ("Budi", "verified")]

    # And somebody who comes a week later is not told any more
    await service.set_contact("Sari", email="sari@dinkes.example")
    service.clock.move_to(TUESDAY + timedelta(days=7))
    service.parts.queue.wake_all()
    await sweep_again(service)
    assert len(await service.messages()) == 1


@pytest.mark.parametrize("card_first", [True, False])
async def test_a_score_from_another_agency_is_not_told_here_even_if_the_move_is_not_heard_of_yet(
    service: NotificationsService,
    card_first: bool,
) -> None:
    elsewhere = scored(20, agency="Dinas Pendidikan")
    events = [(elsewhere, 21), (submitted(), 10)]
    for event, sequence in events if card_first else reversed(events):
        await service.receive(event, sequence)
    await sweep_again(service)
    assert await service.messages() == []


async def test_a_score_of_an_older_turn_is_not_told(service: NotificationsService) -> None:
    await service.receive(submitted(turn=3), 30)
    await service.receive(scored(20))
    await sweep_again(service)
    assert await service.messages() == []


async def test_what_was_imported_for_a_past_year_tells_nobody(service: NotificationsService) -> None:
    await service.receive(submitted(InnovationStatus.VERIFIED, 2, year=2025, imported=True), 20)
    await service.receive(submitted(InnovationStatus.RETURNED, 2, year=2025, imported=True), 30)
    service.parts.queue.wake_all()
    await sweep_again(service)
    assert await service.messages() == []


async def test_an_innovation_of_a_registry_without_turns_tells_nobody(service: NotificationsService) -> None:
    await service.receive(innovation(status=InnovationStatus.RETURNED))
    await sweep_again(service)
    assert "returned" not in [what for _, what in await told(service)]


# --- Deadlines ---


def moved(*, basis: str = "SE 2/2026", at: datetime = TUESDAY) -> RegionRegistered:
    second = deadline(MOVED, revision=2).model_copy(update={"basis": basis, "set_at": at})
    return region(deadline(), second)


async def test_a_moved_deadline_is_announced_once_to_agencies_that_still_owe(service: NotificationsService) -> None:
    await service.receive(agency("Dinas Sosial"))
    await service.set_contact("Sari", of=["Dinas Sosial"], email="sari@dinsos.example")
    await service.receive(submitted(by="Dinas Sosial"), 10)
    await service.receive(moved(), 100)
    for _ in range(2):
        await sweep_again(service)
    assert await told(service) == [("Budi", "moved")]  # Dinas Sosial has fulfilled its duty
    (reason,) = await reasons(service)
    assert (reason.year, reason.deadline_revision, reason.agency) == (YEAR, 2, None)


async def test_a_corrected_decree_tells_nobody_again(service: NotificationsService) -> None:
    await service.receive(moved(), 100)
    await sweep_again(service)
    await service.receive(moved(basis="SE 2a/2026"), 200)
    await sweep_again(service)
    assert await told(service) == [("Budi", "moved")]


async def test_a_moved_deadline_is_announced_for_thirty_days(service: NotificationsService) -> None:
    await service.receive(moved(), 100)
    service.clock.move_to(TUESDAY + timedelta(days=30))
    await sweep_again(service)
    assert await service.messages() == []


async def test_after_a_moved_deadline_its_stages_are_told_anew(service: NotificationsService) -> None:
    service.clock.move_to(WITHIN_30)
    await sweep_again(service)
    await service.receive(moved(at=WITHIN_30), 100)
    await sweep_again(service)
    assert sorted((each.what, each.deadline_revision) for each in await reasons(service)) == [
        ("before-30", 1),
        ("before-60", 2),
        ("moved", 2),
    ]


async def test_a_cancelled_deadline_is_told_for_a_week(service: NotificationsService) -> None:
    cancelled = deadline(revision=2).model_copy(update={"cancelled": True, "set_at": TUESDAY})
    await service.receive(region(deadline(), cancelled), 100)
    await sweep_again(service)
    assert await told(service) == [("Budi", "cancelled")]
    await service.set_contact("Sari", email="sari@dinkes.example")
    service.clock.move_to(TUESDAY + timedelta(days=7))
    service.parts.queue.wake_all()
    await sweep_again(service)
    assert len(await service.messages()) == 1


async def test_the_curator_is_told_once_when_the_registry_is_behind(service: NotificationsService) -> None:
    await service.set_contact("Kurator", of=(), email="kurator@kuburaya.example", role=ContactRole.CURATOR)
    await set_policy(service, report_roles=())
    service.clock.move_to(datetime(2027, 1, 2, 3, tzinfo=UTC))  # 34 hours after the deadline
    for _ in range(2):
        await sweep_again(service)
    assert await told(service) == [("Kurator", "registry-behind")]


async def test_a_registry_that_has_reported_is_not_behind(service: NotificationsService) -> None:
    await service.set_contact("Kurator", of=(), email="kurator@kuburaya.example", role=ContactRole.CURATOR)
    await set_policy(service, report_roles=())
    service.clock.move_to(datetime(2027, 1, 2, 3, tzinfo=UTC))
    await hear_passed(service)
    await sweep_again(service)
    assert await told(service) == [("Budi", "overdue")]


# --- Webhook endpoints ---


def endpoint(status: EndpointStatus, times: int = 1, cause: DisablingCause | None = DisablingCause.FAILING):  # type: ignore[no-untyped-def]  # noqa: ANN201
    why = cause if status is EndpointStatus.DISABLED else None
    return EndpointChanged(endpoint="e1", region=REGION, status=status, since=TUESDAY, times=times, cause=why)


async def holding(service: NotificationsService, message: Versioned[Message]) -> list[str]:
    """What of the message would still be said now."""
    prepared = (await service.parts.preparation.batch([message]))[0]
    return [each.reason.what for each in message.value.alerts if each.id in prepared.holding]


@pytest.fixture
async def with_curator(service: NotificationsService) -> NotificationsService:
    await service.set_contact("Kurator", of=(), email="kurator@kuburaya.example", role=ContactRole.CURATOR)
    await set_policy(service, report_roles=())
    return service


async def test_the_curator_is_told_once_of_each_disabling_of_an_endpoint(with_curator: NotificationsService) -> None:
    for times in (1, 2):
        await with_curator.receive(endpoint(EndpointStatus.DISABLED, times))
        await sweep_again(with_curator)
        await sweep_again(with_curator)
        await with_curator.receive(endpoint(EndpointStatus.ACTIVE, times))
    assert await told(with_curator) == [("Kurator", "endpoint-disabled")] * 2
    assert [each.times for each in await reasons(with_curator)] == [1, 2]


@pytest.mark.parametrize("cause", [DisablingCause.ACCOUNT, None])
async def test_who_disables_an_endpoint_himself_is_not_told(
    with_curator: NotificationsService, cause: DisablingCause | None
) -> None:
    await with_curator.receive(endpoint(EndpointStatus.DISABLED, cause=cause))
    await sweep_again(with_curator)
    assert await with_curator.messages() == []


async def test_an_endpoint_that_is_active_again_is_not_told(with_curator: NotificationsService) -> None:
    await with_curator.receive(endpoint(EndpointStatus.DISABLED), 10)
    await sweep_again(with_curator)
    message = (await with_curator.messages())[0]
    assert await holding(with_curator, message) == ["endpoint-disabled"]

    await with_curator.receive(endpoint(EndpointStatus.ACTIVE), 20)
    assert await holding(with_curator, message) == []


# --- Contacts ---


async def test_a_new_address_is_asked_to_confirm_once(service: NotificationsService) -> None:
    await service.set_contact("Sari", email="sari@dinkes.example", to_confirm=True)
    service.parts.queue.wake_agency(agency_id("Dinas Kesehatan"))
    for _ in range(2):
        await sweep_again(service)
    assert await told(service) == [("Sari", "confirm")]


async def test_curators_are_told_of_somebody_who_cannot_be_reached_any_more(service: NotificationsService) -> None:
    await set_policy(service, report_roles=())
    await service.set_contact("Kurator", of=(), email="kurator@kuburaya.example", role=ContactRole.CURATOR)
    await service.set_contact("Sekda", of=(), email="sekda@kuburaya.example", role=ContactRole.EXECUTIVE)
    await close_email(service, "Budi")
    service.parts.queue.wake_region(REGION)
    for _ in range(2):
        await sweep_again(service)
    assert await told(service) == [("Kurator", "unreachable")]


# --- The weekly report ---


async def test_curators_and_executives_get_one_report_a_week(service: NotificationsService) -> None:
    await service.set_contact("Kurator", of=(), email="kurator@kuburaya.example", role=ContactRole.CURATOR)
    await service.set_contact("Sekda", of=(), email="sekda@kuburaya.example", role=ContactRole.EXECUTIVE)
    await set_policy(service, report_weekday=2)
    for day in range(-1, 8):  # Monday of one week to Tuesday of the next
        service.clock.move_to(TUESDAY + timedelta(days=day))
        await sweep_again(service)
        assert len(await service.messages()) == {-1: 0, 7: 4}.get(day, 2)
    weeks = [(each.what, each.week) for each in await reasons(service)]
    assert sorted(weeks) == [("weekly", "2026-W37")] * 2 + [("weekly", "2026-W38")] * 2


async def test_a_region_without_a_duty_of_this_year_or_the_last_gets_no_report(
    log_service: NotificationsService,
) -> None:
    log_service.clock.move_to(datetime(2028, 3, 7, 3, tzinfo=UTC))
    await receive_agencies(log_service)
    await hear_passed(log_service)
    await log_service.set_contact("Kurator", of=(), email="kurator@kuburaya.example", role=ContactRole.CURATOR)
    await sweep_again(log_service)
    assert await log_service.messages() == []
