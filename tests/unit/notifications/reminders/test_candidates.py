from __future__ import annotations

import random
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

import pytest

from services.notifications.contacts.directory import ContactDirectory
from services.notifications.kinds import CONTACT
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import entry_id
from services.notifications.questions.ideas import IdeaRepository
from services.notifications.questions.known import QuestionRepository
from services.notifications.reminders.behind import BehindList
from services.notifications.reminders.endpoints import EndpointList
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.who.candidates import Candidates
from services.notifications.reminders.who.evaluation import Evaluator
from services.notifications.state import replaced
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import State
from shared.storage.steps import without_event
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
    passed,
    region,
)

NAMES = [f"Dinas {number}" for number in range(12)]
DAYS = (
    datetime(2026, 6, 2, 3, tzinfo=UTC),
    datetime(2026, 10, 20, 3, tzinfo=UTC),
    datetime(2026, 11, 29, 17, 30, tzinfo=UTC),  # the next local day has begun
    datetime(2026, 12, 21, 3, tzinfo=UTC),
    datetime(2027, 1, 4, 3, tzinfo=UTC),
    datetime(2027, 3, 3, 3, tzinfo=UTC),
)


async def frame_of(service: NotificationsService) -> RegionFrame:
    frame = await service.parts.reminders.frames.of_code(REGION)
    assert frame is not None
    return frame


async def candidates(service: NotificationsService) -> set[str]:
    found = Candidates(service.store, service.parts.known_facts).of_region(await frame_of(service))
    return {each async for part in found for each in part}


async def evaluated(
    service: NotificationsService, agencies: Collection[str], *, note: bool = True
) -> tuple[list[str], ...]:
    """What their evaluation says: who is to be told what, what nobody can be told, and what is to be noted."""
    evaluator = Evaluator(
        service.store,
        ContactDirectory(service.store),
        BehindList(service.store),
        EndpointList(service.store),
        questions=QuestionRepository(service.store),
        ideas=IdeaRepository(service.store),
    )
    found = await evaluator.agencies(await frame_of(service), agencies, note=note)
    return (
        sorted(map(repr, found.reminders)),
        sorted(map(repr, found.unreachable)),
        sorted(each.seen.id for each in found.obligations if not each.looked_before),
        sorted(each.id for each in found.entries),
    )


async def fill(service: NotificationsService, chance: random.Random) -> None:
    """Agencies with random innovations and persons."""
    await service.receive(region(deadline(), deadline(date(2025, 10, 31), year=2025)))
    for number, name in enumerate(NAMES):
        await service.receive(agency(name))
        if chance.random() < 0.8:
            await service.set_contact(
                f"Person {number}",
                of=[name, chance.choice(NAMES)] if chance.random() < 0.3 else [name],
                email=f"{number}@dinas.example",
                to_confirm=chance.random() < 0.3,
            )
        if chance.random() < 0.7:
            since = chance.choice(DAYS) - timedelta(days=chance.randrange(10))
            what = chance.choice([status for status in InnovationStatus if status is not InnovationStatus.WITHDRAWN])
            verified = since if what is InnovationStatus.VERIFIED else None
            await service.receive(
                innovation(name, by=name, status=what, turn=2, since=since, verified=verified, first=since)
            )


@pytest.mark.parametrize("seed", range(6))
async def test_whoever_is_left_out_would_be_evaluated_to_nothing(log_service: NotificationsService, seed: int) -> None:
    chance = random.Random(seed)
    await fill(log_service, chance)
    everybody, left_out = [agency_id(name) for name in NAMES], 0
    for day in DAYS:
        log_service.clock.move_to(day)
        if chance.random() < 0.3:
            moved = deadline(date(2026, 12, 15), revision=2).model_copy(update={"set_at": day})
            await log_service.receive(region(deadline(), moved))
        if day.year > 2026:
            await log_service.receive(passed(revision=chance.choice([1, 2])))
        await log_service.parts.reconciliation.check_deadlines()
        found = await candidates(log_service)
        assert await evaluated(log_service, found) == await evaluated(log_service, everybody)
        if chance.random() < 0.7:
            await log_service.parts.sweep.run()
        found = await candidates(log_service)
        assert await evaluated(log_service, found) == await evaluated(log_service, everybody)
        left_out += len(NAMES) - len(found)
    assert left_out


@pytest.mark.parametrize("seed", range(3))
async def test_without_notes_the_same_is_due_and_nothing_is_kept(log_service: NotificationsService, seed: int) -> None:
    await fill(log_service, random.Random(seed))
    everybody, kept = [agency_id(name) for name in NAMES], 0
    for day in DAYS:
        log_service.clock.move_to(day)
        *due, obligations, entries = await evaluated(log_service, everybody)
        assert await evaluated(log_service, everybody, note=False) == (*due, [], [])
        kept += len(obligations) + len(entries)
    assert kept


async def test_a_duty_without_news_is_not_decoded(log_service: NotificationsService) -> None:
    log_service.clock.move_to(DAYS[0])
    await log_service.receive(region())
    await log_service.receive(agency())
    await log_service.set_contact()
    assert await candidates(log_service) == {agency_id("Dinas Kesehatan")}  # nobody has looked yet
    await log_service.parts.sweep.run()
    assert await candidates(log_service) == set()


async def test_a_stage_that_is_due_names_the_agency_also_after_it_was_told(log_service: NotificationsService) -> None:
    await log_service.receive(region())
    await log_service.receive(agency())
    log_service.clock.move_to(WITHIN_30)
    await log_service.parts.sweep.run()
    assert await candidates(log_service) == {agency_id("Dinas Kesehatan")}


async def test_a_person_who_has_to_confirm_an_address_names_the_agency(log_service: NotificationsService) -> None:
    log_service.clock.move_to(DAYS[0])
    await log_service.receive(region())
    await log_service.receive(agency())
    await log_service.parts.sweep.run()
    await log_service.set_contact(to_confirm=True)
    assert await candidates(log_service) == {agency_id("Dinas Kesehatan")}


async def test_a_person_in_the_form_of_schema_4_who_has_to_confirm_names_the_agency(
    log_service: NotificationsService,
) -> None:
    log_service.clock.move_to(DAYS[0])
    await log_service.receive(region())
    await log_service.receive(agency())
    await log_service.parts.sweep.run()
    person = await log_service.set_contact(to_confirm=True)

    def former(state: State | None) -> tuple[State, None]:
        kept = {name: value for name, value in (state or {}).items() if not name.endswith("_record")}
        return {**kept, "to_confirm": True}, None

    await log_service.store.change(CONTACT.name, person, former)
    assert await candidates(log_service) == {agency_id("Dinas Kesehatan")}


async def test_old_news_that_were_not_told_yet_name_the_agency(log_service: NotificationsService) -> None:
    log_service.clock.move_to(DAYS[0])
    await log_service.receive(region())
    await log_service.receive(agency())
    long_ago = DAYS[0] - timedelta(days=90)
    await log_service.receive(innovation(status=InnovationStatus.VERIFIED, verified=long_ago, turn=2, since=long_ago))
    await log_service.parts.sweep.run()
    assert await candidates(log_service) == set()
    id = entry_id(agency_id("Dinas Kesehatan"), YEAR, innovation_id("Spirit"))
    again = without_event(lambda entry: replaced(entry, tell="verified"))
    await EntryRepository(log_service.store).amend(id, None, again)
    assert await candidates(log_service) == {agency_id("Dinas Kesehatan")}
