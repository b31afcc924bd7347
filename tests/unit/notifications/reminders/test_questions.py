"""Questions whether an innovation is still in use, and rights that end: found by day, told once each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.notifications.questions.asked import NEVER, Questions
from services.notifications.reminders.reasons import dated_reasons
from services.notifications.reminders.reminder import Reminder
from shared.contracts.continuation import ContinuationState, RightExpiry, RightsKind
from shared.contracts.contract import Payload
from shared.contracts.innovation import InnovationVerified
from shared.contracts.vocabulary import InnovationStatus
from tests.support.notifications_service import NotificationsService, agency_id, innovation, innovation_id
from tests.unit.notifications.reminders.telling import close_email, reasons, receive_agencies, sweep_again, told

ASKED, UNTIL = date(2026, 9, 8), date(2026, 10, 8)
TUESDAY = datetime(2026, 9, 8, 3, tzinfo=UTC)  # 10.00 in Pontianak


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def asked(number: int = 1, on: date | None = ASKED, until: date | None = UNTIL, **more: Any) -> Payload:  # noqa: ANN401
    """A verified innovation with that open question. more: other fields of `innovation`."""
    rights = more.pop("rights", ())
    status = more.pop("status", InnovationStatus.VERIFIED)
    known = ContinuationState(follow_up=number, follow_up_on=on, follow_up_until=until, rights=rights)
    return innovation(status=status, verified=TUESDAY, **more).model_copy(update={"continuation": known})


def ending(number: int, on: date) -> RightExpiry:
    return RightExpiry(number=number, kind=RightsKind.TRADEMARK, expires_on=on)


@pytest.fixture
async def quiet(log_service: NotificationsService) -> NotificationsService:
    """A region whose duty tells nothing on these days."""
    log_service.clock.move_to(datetime(2026, 9, 7, 3, tzinfo=UTC))
    await receive_agencies(log_service)
    await log_service.set_contact("Budi")
    await sweep_again(log_service)
    return log_service


async def test_a_question_is_told_on_its_day_once_and_again_under_the_next_number(quiet: NotificationsService) -> None:
    await quiet.receive(asked())
    await sweep_again(quiet)
    early = await told(quiet)
    for _ in range(2):
        quiet.clock.move_to(TUESDAY)
        await sweep_again(quiet)
    on_its_day = await reasons(quiet)
    await quiet.receive(asked(2, date(2026, 10, 12), date(2026, 11, 11)))
    quiet.clock.move_to(at(date(2026, 10, 12)))
    await sweep_again(quiet)

    assert early == []
    assert [(each.what, each.times, each.innovation) for each in on_its_day] == [
        ("follow-up", 1, innovation_id("Spirit"))
    ]
    assert sorted(each.times or 0 for each in await reasons(quiet) if each.what == "follow-up") == [1, 2]


async def test_what_was_answered_or_withdrawn_before_it_was_sent_is_not_said(quiet: NotificationsService) -> None:
    await quiet.receive(asked())
    quiet.clock.move_to(TUESDAY)
    await sweep_again(quiet)
    (message,) = await quiet.messages()

    async def held() -> int:
        return len((await quiet.parts.preparation.batch([message]))[0].holding)

    assert await held() == 1
    await quiet.receive(asked(2, date(2027, 3, 8), date(2027, 4, 7)))
    assert await held() == 0
    await quiet.receive(asked(status=InnovationStatus.WITHDRAWN))
    assert await held() == 0


async def test_a_right_is_told_half_a_year_before_its_end(quiet: NotificationsService) -> None:
    end = date(2027, 3, 10)  # 180 days after 11 September 2026
    await quiet.receive(asked(0, None, None, rights=(ending(3, end),)))
    quiet.clock.move_to(at(date(2026, 9, 10)))
    await sweep_again(quiet)
    early = await told(quiet)
    quiet.clock.move_to(at(date(2026, 9, 11)))
    await sweep_again(quiet)

    assert early == []
    assert [(each.what, each.times) for each in await reasons(quiet)] == [("right-ends", 3)]


async def test_somebody_who_can_be_reached_later_is_told_while_there_is_time(quiet: NotificationsService) -> None:
    await close_email(quiet, "Budi")
    await quiet.receive(asked())
    quiet.clock.move_to(TUESDAY)
    await sweep_again(quiet)
    nobody = await told(quiet)
    await quiet.set_contact("Sari", email="sari@dinkes.example")
    quiet.parts.queue.wake_agency(agency_id("Dinas Kesehatan"))
    await sweep_again(quiet)

    assert (nobody, await told(quiet)) == ([], [("Sari", "follow-up")])


async def test_an_innovation_that_moved_is_asked_where_it_is(quiet: NotificationsService) -> None:
    await receive_agencies(quiet, "Dinas Sosial")
    await quiet.set_contact("Sari", of=["Dinas Sosial"], email="sari@dinsos.example")
    await quiet.receive(asked(by="Dinas Sosial", formerly=[("Dinas Kesehatan", 2026)]))
    quiet.clock.move_to(TUESDAY)
    await sweep_again(quiet)

    assert ("Sari", "follow-up") in await told(quiet)
    assert ("Budi", "follow-up") not in await told(quiet)


async def test_an_older_event_does_not_bring_a_question_back(quiet: NotificationsService) -> None:
    await quiet.receive(asked(2, date(2027, 3, 8), date(2027, 4, 7)), 900)
    await quiet.receive(asked(), 800)
    quiet.clock.move_to(TUESDAY)
    await sweep_again(quiet)

    assert await told(quiet) == []


async def test_a_process_that_starts_late_tells_what_is_still_open(quiet: NotificationsService) -> None:
    await quiet.receive(asked())
    quiet.clock.move_to(at(UNTIL))
    await quiet.parts.sweep.run()

    assert ("Budi", "follow-up") in await told(quiet)


async def test_a_dry_run_of_another_day_names_it_and_writes_nothing(quiet: NotificationsService) -> None:
    await quiet.receive(asked())
    found = [each async for each in quiet.parts.due_list.entries(ASKED)]

    assert [due.reason.what for each in found if isinstance(each, Reminder) for due in each.reasons] == ["follow-up"]
    assert await told(quiet) == []


async def test_one_of_which_nothing_was_ever_recorded_leaves_nothing_behind(quiet: NotificationsService) -> None:
    await quiet.receive(innovation())

    assert [row.id async for row in quiet.store.scan("known_question", {}, ())] == []


def test_the_days_on_which_to_look() -> None:
    verified = asked(rights=(ending(1, date(2027, 9, 1)),))
    assert isinstance(verified, InnovationVerified)
    questions = Questions.of(verified)
    begins = date(2027, 3, 5)  # of the right's span

    assert questions.opens() == questions.look(date(2026, 9, 1)) == ASKED.toordinal()
    assert (questions.opens(ASKED), questions.look(ASKED)) == (ASKED.toordinal(), UNTIL.toordinal() + 1)
    after = date(2026, 10, 9)
    assert questions.opens(after) == questions.look(after) == begins.toordinal()
    assert questions.look(begins) == date(2027, 9, 2).toordinal()
    assert questions.opens(date(2027, 9, 2)) == questions.look(date(2027, 9, 2)) == NEVER


def test_nothing_is_asked_about_an_innovation_that_is_not_verified() -> None:
    returned = asked(status=InnovationStatus.RETURNED)
    assert isinstance(returned, Payload)
    questions = Questions.of(returned)  # type: ignore[arg-type]

    assert dated_reasons(questions, ASKED) == []
    assert questions.opens() == NEVER
