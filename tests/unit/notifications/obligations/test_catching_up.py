from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from services.notifications.known import KnownAgency, KnownRegion
from services.notifications.messages.message import MessageStatus
from services.notifications.obligations.news import NewFacts
from shared.contracts.region import RegionRegistered
from shared.contracts.vocabulary import ObligationStatus
from tests.servers.smtp import Mailbox
from tests.support.notifications_service import (
    AFTER,
    REGION,
    WITHIN_30,
    YEAR,
    NotificationsService,
    agency,
    agency_id,
    deadline,
    innovation,
    passed,
    region,
)
from tests.unit.notifications.reminders.telling import reasons, sweep_again

LATER = date(2027, 1, 31)


def moved(day: date = LATER) -> RegionRegistered:
    return region(deadline(), deadline(day, revision=2))


async def behind(service: NotificationsService) -> None:
    """A region whose deadline was moved, with an obligation that does not follow it yet."""
    await service.receive(region())
    await service.receive(agency())
    await service.receive(moved(), catch_up=False)


async def test_the_handler_leaves_the_obligations_to_the_loop(log_service: NotificationsService) -> None:
    await behind(log_service)
    assert log_service.parts.catching_up.event.is_set()
    assert (await log_service.obligation()).deadline == "2026-12-31"
    await log_service.parts.catching_up.run()
    assert (await log_service.obligation()).deadline == LATER.isoformat()
    assert await log_service.parts.known_facts.regions_behind() == []


async def test_nobody_becomes_overdue_by_a_deadline_that_was_moved(log_service: NotificationsService) -> None:
    await behind(log_service)
    log_service.clock.move_to(AFTER)
    await log_service.receive(passed(revision=1), catch_up=False)
    await log_service.parts.reconciliation.check_deadlines()
    found = await log_service.obligation()
    assert (found.status, found.deadline) == (ObligationStatus.OPEN, LATER.isoformat())
    assert {event.type for event in await log_service.owed_events()} == {"obligation.opened"}


async def test_nobody_is_late_by_a_deadline_that_was_moved(log_service: NotificationsService) -> None:
    await behind(log_service)
    log_service.clock.move_to(AFTER)
    await log_service.receive(innovation(first=AFTER), catch_up=False)
    found = await log_service.obligation()
    assert found.public is not None
    assert (found.status, found.public.on_time) == (ObligationStatus.FULFILLED, True)


async def test_nobody_is_told_by_a_deadline_that_was_moved(log_service: NotificationsService) -> None:
    await behind(log_service)
    await log_service.set_contact()
    log_service.clock.move_to(WITHIN_30)
    await sweep_again(log_service)
    assert await reasons(log_service) == []
    await log_service.parts.catching_up.run()
    assert log_service.parts.queue.event.is_set()
    await sweep_again(log_service)
    told = {(each.what, each.deadline_revision) for each in await reasons(log_service)}
    assert told == {("before-60", 2)}  # not `before-30` of the former deadline


async def test_a_message_that_waits_is_not_sent_while_its_region_is_behind(
    mail_service: NotificationsService, mailbox: Mailbox
) -> None:
    await mail_service.receive(region())
    await mail_service.receive(agency())
    await mail_service.set_contact()
    mail_service.clock.move_to(WITHIN_30)
    await sweep_again(mail_service)
    await mail_service.receive(moved(), catch_up=False)
    await mail_service.parts.send()
    assert (await mail_service.message()).status is MessageStatus.WAITING
    await mail_service.parts.catching_up.run()
    await mail_service.make_due()
    await mail_service.parts.send()
    assert (await mail_service.message()).status is MessageStatus.DROPPED  # it named the former deadline
    assert mailbox.mails == []


async def test_a_version_that_arrives_meanwhile_keeps_the_mark(log_service: NotificationsService) -> None:
    await behind(log_service)
    known = log_service.parts.known_facts
    former = await known.region(REGION)
    assert former is not None
    await log_service.receive(moved(LATER + timedelta(days=1)), catch_up=False)
    await known.caught_up(former)
    assert await known.regions_behind() == [REGION]


async def test_what_was_recomputed_already_is_left_out(
    log_service: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given two obligations of a marked region, one of which was recomputed before a crash
    await log_service.receive(agency("Dinas Sosial"))
    await behind(log_service)
    await log_service.parts.ledger.recompute(agency_id("Dinas Sosial"), YEAR)

    # When the loop goes on
    recomputed: list[str] = []
    recompute = log_service.parts.ledger._recompute

    async def counted(agency: str, year: int, news: NewFacts) -> None:
        recomputed.append(agency)
        await recompute(agency, year, news)

    monkeypatch.setattr(log_service.parts.ledger, "_recompute", counted)
    await log_service.parts.catching_up.run()

    # Then only the other one is recomputed
    assert recomputed == [agency_id("Dinas Kesehatan")]


async def test_an_older_version_marks_nothing(log_service: NotificationsService) -> None:
    await log_service.receive(moved(), 10)
    await log_service.receive(region(), 5, catch_up=False)
    await log_service.receive(moved(), 10, catch_up=False)
    assert await log_service.parts.known_facts.regions_behind() == []


@pytest.mark.parametrize("agencies", [3, 120])
async def test_two_processes_at_once_announce_everything_once(log_service: NotificationsService, agencies: int) -> None:
    names = [f"Dinas {number}" for number in range(agencies)]
    for name in names:
        await log_service.receive(agency(name))
    await log_service.receive(moved(), catch_up=False)
    other = NotificationsService(log_service.store, log_service.clock, log_service.world, log_service.service)
    await asyncio.gather(log_service.parts.catching_up.run(), other.parts.catching_up.run())
    said = sorted(event.data["agency"] for event in await log_service.owed_events())
    assert said == sorted(map(agency_id, names))


async def test_the_handler_of_a_passed_deadline_leaves_the_obligations_to_the_loop(
    log_service: NotificationsService,
) -> None:
    await log_service.receive(region())
    await log_service.receive(agency())
    log_service.clock.move_to(AFTER)
    await log_service.receive(passed(revision=1), catch_up=False)
    assert (await log_service.obligation()).status == ObligationStatus.OPEN
    await log_service.parts.catching_up.run()
    assert (await log_service.obligation()).status == ObligationStatus.OVERDUE
    assert await log_service.parts.known_facts.deadlines_behind() == []


async def test_a_newer_report_of_a_passed_deadline_keeps_the_mark(log_service: NotificationsService) -> None:
    await log_service.receive(passed(revision=1), catch_up=False)
    (former,) = await log_service.parts.known_facts.deadlines_behind()
    await log_service.receive(passed("Spirit", revision=1), catch_up=False)
    await log_service.parts.known_facts.caught_up(former)
    assert len(await log_service.parts.known_facts.deadlines_behind()) == 1


async def test_a_region_that_fails_does_not_hold_up_the_others_and_is_said_in_the_end(
    log_service: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await behind(log_service)
    another = region().model_copy(update={"code": "61.11"})  # before the other in order
    await log_service.receive(another, catch_up=False)
    ledger = log_service.parts.ledger
    recompute = ledger.recompute_all

    async def fail(agencies: Sequence[KnownAgency], of: KnownRegion, *, only_behind: bool) -> None:
        if of.value.code == another.code:
            raise ZeroDivisionError
        await recompute(agencies, of, only_behind=only_behind)

    monkeypatch.setattr(ledger, "recompute_all", fail)
    with pytest.raises(ZeroDivisionError):
        await log_service.parts.catching_up.run()
    assert await log_service.parts.known_facts.regions_behind() == [another.code]
    assert (await log_service.obligation()).deadline == LATER.isoformat()
