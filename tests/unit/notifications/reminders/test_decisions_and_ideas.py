"""What people hear of an innovation besides its status, and of public ideas: once each, and only while it is true."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.notifications.contacts.role import ContactRole
from services.notifications.reminders.reminder import Reminder
from shared.contracts.continuation import ContinuationState, RightExpiry, RightsKind, Use
from shared.contracts.contract import Payload
from shared.contracts.idea import IdeaChanged, IdeaStatus
from shared.contracts.innovation import WithdrawalState, WithdrawalStep
from shared.contracts.vocabulary import InnovationStatus
from tests.support.notifications_service import (
    REGION,
    NotificationsService,
    agency_id,
    innovation,
    innovation_id,
)
from tests.unit.notifications.reminders.telling import reasons, receive_agencies, set_policy, sweep_again, told

TUESDAY = datetime(2026, 9, 8, 3, tzinfo=UTC)  # 10.00 in Pontianak
TODAY = TUESDAY.date()
MORNING = TUESDAY + timedelta(days=1)


def verified(
    withdrawal: WithdrawalState | None = None,
    status: InnovationStatus = InnovationStatus.VERIFIED,
    **continuation: Any,  # noqa: ANN401 - fields by name
) -> Payload:
    known = ContinuationState(**continuation) if continuation else None
    payload = innovation(status=status, verified=datetime(2026, 6, 1, 3, tzinfo=UTC))
    return payload.model_copy(update={"continuation": known, "withdrawal": withdrawal})


def step(step: WithdrawalStep, number: int = 1, since: datetime = TUESDAY) -> WithdrawalState:
    return WithdrawalState(number=number, step=step, since=since)


def idea(
    id: str = "i1",
    status: IdeaStatus = IdeaStatus.NEW,
    *,
    received: datetime = TUESDAY,
    to: str | None = None,
    times: int = 0,
) -> IdeaChanged:
    return IdeaChanged(
        id=id,
        region=REGION,
        status=status,
        received_at=received,
        since=TUESDAY,
        agency=agency_id(to) if to else None,
        handed_over=times,
    )


async def holding(service: NotificationsService) -> list[str]:
    """What of all messages would still be said now."""
    prepared = await service.parts.preparation.batch(await service.messages())
    return sorted(
        alert.reason.what
        for message, each in zip(await service.messages(), prepared, strict=True)
        for alert in message.value.alerts
        if alert.id in each.holding
    )


async def at(service: NotificationsService, day: date) -> None:
    """A sweep at 10.00 of that day."""
    service.clock.move_to(datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
    await sweep_again(service)


@pytest.fixture
async def office(log_service: NotificationsService) -> NotificationsService:
    """An agency with an officer, and the region's curator, on a Tuesday on which no duty tells anything."""
    log_service.clock.move_to(TUESDAY)
    await receive_agencies(log_service)
    await log_service.set_contact("Budi")
    await log_service.set_contact("Kurator", of=(), email="kurator@kuburaya.example", role=ContactRole.CURATOR)
    await set_policy(log_service, report_roles=())
    await sweep_again(log_service)
    return log_service


# --- Requests to withdraw ---


async def test_a_request_is_told_to_the_curator_once_and_to_nobody_of_the_agency(office: NotificationsService) -> None:
    await office.receive(verified(step(WithdrawalStep.ASKED)))
    for _ in range(3):
        office.parts.queue.wake_region(REGION)
        await sweep_again(office)

    assert await told(office) == [("Kurator", "withdrawal-asked")]
    assert [(each.innovation, each.times, each.agency) for each in await reasons(office)] == [
        (innovation_id("Spirit"), 1, None)
    ]
    assert await holding(office) == ["withdrawal-asked"]


async def test_a_second_request_is_told_again(office: NotificationsService) -> None:
    for sequence, (what, number) in enumerate(
        [(WithdrawalStep.ASKED, 1), (WithdrawalStep.TAKEN_BACK, 1), (WithdrawalStep.ASKED, 2)], start=10
    ):
        await office.receive(verified(step(what, number)), sequence)
        await sweep_again(office)

    assert [(each.what, each.times) for each in await reasons(office)] == [
        ("withdrawal-asked", 1),
        ("withdrawal-asked", 2),
    ]


@pytest.mark.parametrize("end", [WithdrawalStep.TAKEN_BACK, WithdrawalStep.DECLINED])
async def test_a_request_that_has_ended_is_not_told_any_more(office: NotificationsService, end: WithdrawalStep) -> None:
    await office.receive(verified(step(WithdrawalStep.ASKED)), 10)
    await sweep_again(office)
    await office.receive(verified(step(end)), 20)

    assert "withdrawal-asked" not in await holding(office)


async def test_the_agency_hears_what_the_curator_has_decided(office: NotificationsService) -> None:
    await office.receive(verified(step(WithdrawalStep.DECLINED)), 10)
    for _ in range(2):
        await sweep_again(office)
    declined = await told(office)
    decided = verified(step(WithdrawalStep.DECIDED, 2), InnovationStatus.WITHDRAWN)
    await office.receive(decided, 20)
    for _ in range(2):
        await sweep_again(office)

    assert declined == [("Budi", "withdrawal-declined")]
    assert set(await told(office)) - set(declined) >= {("Budi", "withdrawn")}
    assert [each.what for each in await reasons(office)].count("withdrawn") == 1
    assert "withdrawn" in await holding(office)


async def test_a_decision_is_news_for_a_week(office: NotificationsService) -> None:
    await office.receive(verified(step(WithdrawalStep.DECLINED, since=TUESDAY - timedelta(days=8))))
    await sweep_again(office)

    assert await told(office) == []


async def test_an_older_event_does_not_bring_a_request_back(office: NotificationsService) -> None:
    await office.receive(verified(step(WithdrawalStep.TAKEN_BACK)), 20)
    await office.receive(verified(step(WithdrawalStep.ASKED)), 10)
    await sweep_again(office)

    assert await told(office) == []


# --- Continuation ---


async def test_a_question_that_lapsed_is_told_once_until_somebody_answers(office: NotificationsService) -> None:
    lapsed = {"follow_up": 2, "follow_up_on": date(2027, 3, 8), "follow_up_until": date(2027, 4, 7)}
    await office.receive(verified(use=Use.DORMANT, lapsed=1, lapsed_on=TODAY, **lapsed), 10)
    for _ in range(2):
        await sweep_again(office)
    said = await told(office)
    still = await holding(office)
    await office.receive(verified(use=Use.LIVE, **lapsed), 20)

    assert said == [("Budi", "follow-up-lapsed")]
    assert (still, await holding(office)) == (["follow-up-lapsed"], [])


async def test_that_nobody_of_the_team_is_left_is_told_two_months_before_and_again_for_another_day(
    office: NotificationsService,
) -> None:
    leaves = TODAY + timedelta(days=61)
    await office.receive(verified(staffed_until=leaves, staffing=1), 10)
    await sweep_again(office)
    early = await told(office)
    await at(office, TODAY + timedelta(days=1))
    once = await told(office)
    await office.receive(verified(staffed_until=leaves + timedelta(days=2), staffing=2), 20)
    await sweep_again(office)
    none_yet = await told(office)
    await at(office, TODAY + timedelta(days=3))

    assert (early, once, none_yet) == ([], [("Budi", "staff-leaves")], [("Budi", "staff-leaves")])
    assert [each.times for each in await reasons(office)] == [1, 2]


async def test_nothing_is_said_of_the_team_of_an_innovation_that_has_ended_or_was_staffed_anew(
    office: NotificationsService,
) -> None:
    await office.receive(verified(use=Use.STOPPED, staffed_until=TODAY, staffing=1), 10)
    await sweep_again(office)
    await office.receive(verified(staffing=1), 20)
    await sweep_again(office)

    assert await told(office) == []


async def test_what_was_stopped_still_has_a_right_that_ends(office: NotificationsService) -> None:
    mark = RightExpiry(number=1, kind=RightsKind.TRADEMARK, expires_on=TODAY + timedelta(days=90))
    await office.receive(verified(use=Use.STOPPED, rights=(mark,)))
    await sweep_again(office)

    assert await told(office) == [("Budi", "right-ends")]


# --- Public ideas ---


async def test_the_ideas_of_a_day_are_one_message_to_the_curator_the_next_morning(office: NotificationsService) -> None:
    for number in range(50):
        await office.receive(idea(f"i{number}"), 10 + number)
    await sweep_again(office)
    same_day = await told(office)
    for _ in range(2):
        await at(office, MORNING.date())

    assert same_day == []
    assert await told(office) == [("Kurator", "ideas-received")]
    assert [each.day for each in await reasons(office)] == [TODAY]


async def test_ideas_of_which_none_waits_any_more_are_not_told(office: NotificationsService) -> None:
    await office.receive(idea(), 10)
    await at(office, MORNING.date())
    said = await holding(office)
    await office.receive(idea(status=IdeaStatus.CLOSED), 20)

    assert (said, await holding(office)) == (["ideas-received"], [])


async def test_the_day_of_an_idea_is_the_region_s_own(office: NotificationsService) -> None:
    late = datetime(2026, 9, 8, 18, tzinfo=UTC)  # 1.00 on the 9th in Pontianak
    await office.receive(idea(received=late))
    await at(office, date(2026, 9, 9))
    before = await told(office)
    await at(office, date(2026, 9, 10))

    assert before == []
    assert [each.day for each in await reasons(office)] == [date(2026, 9, 9)]


async def test_the_agency_that_is_to_foster_an_idea_hears_of_it_at_once_and_each_time(
    office: NotificationsService,
) -> None:
    given = IdeaStatus.HANDED_OVER
    await office.receive(idea(status=given, to="Dinas Kesehatan", times=1), 10)
    for _ in range(2):
        await sweep_again(office)
    first = await told(office)
    await office.receive(idea(status=given, to="Dinas Sosial", times=2), 20)
    elsewhere = await holding(office)
    await office.receive(idea(status=given, to="Dinas Kesehatan", times=3), 30)
    await sweep_again(office)

    assert first == [("Budi", "idea-handed-over")]
    assert elsewhere == []
    assert [(each.idea, each.times) for each in await reasons(office)] == [("i1", 1), ("i1", 3)]


async def test_an_agency_without_anybody_to_tell_is_told_when_somebody_comes(office: NotificationsService) -> None:
    await receive_agencies(office, "Dinas Sosial")
    await office.receive(idea(status=IdeaStatus.HANDED_OVER, to="Dinas Sosial", times=1))
    await sweep_again(office)
    nobody = await told(office)
    await office.set_contact("Sari", of=["Dinas Sosial"], email="sari@dinsos.example")
    office.parts.queue.wake_agency(agency_id("Dinas Sosial"))
    await sweep_again(office)

    assert (nobody, await told(office)) == ([], [("Sari", "idea-handed-over")])


async def test_a_process_that_starts_later_finds_ideas_and_decisions(office: NotificationsService) -> None:
    await office.receive(idea(status=IdeaStatus.HANDED_OVER, to="Dinas Kesehatan", times=1))
    await office.receive(verified(step(WithdrawalStep.ASKED)))
    await office.parts.sweep.run()

    assert await told(office) == [("Budi", "idea-handed-over"), ("Kurator", "withdrawal-asked")]


async def test_a_dry_run_of_the_next_day_names_them(office: NotificationsService) -> None:
    await office.receive(idea())
    found = [each async for each in office.parts.due_list.entries(MORNING.date())]

    assert [due.reason.what for each in found if isinstance(each, Reminder) for due in each.reasons] == [
        "ideas-received"
    ]
