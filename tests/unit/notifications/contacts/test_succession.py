"""The contacts of a retired agency are its successor's from its day on."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta, timezone

import pytest

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.contacts.succession.succession import ContactSuccession, HandOver, heard
from services.notifications.kinds import CONTACT_SUCCESSION
from shared.contracts.agency import AgencyRegistered, AgencyRetired
from shared.storage.repository import Repository
from tests.support.notifications_service import NotificationsService, agency, agency_id, person_id, region

OLD, NEW, LAST = "Dinas Lama", "Dinas Baru", "Dinas Terakhir"
DAY = date(2026, 7, 1)
WIB = timezone(timedelta(hours=7))
BEFORE, AFTER = datetime(2026, 6, 30, 23, 59, tzinfo=WIB), datetime(2026, 7, 1, 0, 0, 1, tzinfo=WIB)


def retired(name: str = OLD, successor: str | None = NEW, day: date = DAY) -> AgencyRetired:
    named = agency_id(successor) if successor else None
    return AgencyRetired(**agency(name).model_dump() | {"retired": True, "retired_on": day, "successor": named})


async def agencies_of(service: NotificationsService, name: str = "Budi") -> set[str]:
    contact = (await contact_repository(service.store).get(person_id(name))).value
    return {each for each in (OLD, NEW, LAST) if agency_id(each) in contact.agencies}


async def status(service: NotificationsService, name: str = OLD) -> HandOver:
    found = Repository(service.store, CONTACT_SUCCESSION, ContactSuccession, "")
    return (await found.get(agency_id(name))).value.status


@pytest.fixture
async def service(log_service: NotificationsService) -> NotificationsService:
    """With three agencies, of which the first one has a contact."""
    await log_service.receive(region())
    for name in (OLD, NEW, LAST):
        await log_service.receive(agency(name))
    await log_service.set_contact("Budi", of=[OLD])
    return log_service


async def test_contacts_are_handed_over_on_the_day_and_not_before(service: NotificationsService) -> None:
    await service.receive(retired())
    service.clock.move_to(BEFORE)
    await service.parts.successions.run()
    assert await agencies_of(service) == {OLD}

    service.clock.move_to(AFTER)
    await service.parts.successions.run()

    assert await agencies_of(service) == {OLD, NEW}
    assert await status(service) is HandOver.DONE
    found = await service.parts.directory.of_agency(agency_id(NEW))
    assert [each.id for each in found] == [person_id("Budi")]


async def test_it_is_done_once_so_that_a_curator_may_decide_otherwise(service: NotificationsService) -> None:
    service.clock.move_to(AFTER)
    await service.receive(retired())
    await service.parts.successions.run()

    await service.set_contact("Budi", of=[LAST])
    await service.receive(retired(day=date(2026, 6, 1)))  # a corrected day
    await service.parts.successions.run()
    assert await agencies_of(service) == {LAST}


async def test_a_retirement_that_was_undone_or_has_no_successor_hands_nothing_over(
    service: NotificationsService,
) -> None:
    service.clock.move_to(AFTER)
    for newest in (agency(OLD), retired(successor=None)):
        await service.receive(retired())
        await service.receive(newest)
        await service.parts.successions.run()
        assert await agencies_of(service) == {OLD}
        assert await status(service) is HandOver.NOT


async def test_a_retired_successor_passes_them_on(service: NotificationsService) -> None:
    service.clock.move_to(AFTER)
    await service.receive(retired(NEW, LAST))
    await service.receive(retired(OLD, NEW))
    await service.parts.successions.run()
    assert await agencies_of(service) == {OLD, LAST}


async def test_it_waits_for_a_successor_that_is_not_known_yet(log_service: NotificationsService) -> None:
    await log_service.receive(region())
    await log_service.set_contact("Budi", of=[OLD])
    log_service.clock.move_to(AFTER)
    await log_service.receive(retired())
    await log_service.parts.successions.run()
    assert await status(log_service) is HandOver.WAITING

    await log_service.receive(agency(NEW))
    await log_service.parts.successions.run()
    assert await agencies_of(log_service) == {OLD, NEW}


async def test_an_erased_person_stays_as_is(service: NotificationsService) -> None:
    contacts = contact_repository(service.store)
    await contacts.amend(person_id("Budi"), None, lambda it: (it.without_personal_data(), None))
    service.clock.move_to(AFTER)
    await service.receive(retired())
    await service.parts.successions.run()
    erased: Contact = (await contacts.get(person_id("Budi"))).value
    assert (erased.agencies, erased.erased) == ((agency_id(OLD),), True)


def test_events_in_any_order_and_twice_end_alike() -> None:
    seed = random.randrange(2**32)
    dice = random.Random(seed)
    told: list[tuple[int, AgencyRegistered]] = [
        (1, agency(OLD)),
        (2, retired()),
        (3, retired(successor=LAST)),
        (4, agency(OLD)),
        (5, retired(day=date(2026, 8, 1))),
    ]
    for _ in range(100):
        newest = dice.randrange(1, len(told) + 1)
        events = [*told[:newest], *dice.choices(told[:newest], k=3)]
        dice.shuffle(events)
        state: ContactSuccession | None = None
        known = events[0]
        for each in events:
            known = max(known, each, key=lambda it: it[0])  # as the copies keep the newer
            state = heard(state, known[1], known[0]) or state
        going = told[newest - 1][1]
        waits = state is not None and state.status is HandOver.WAITING
        assert waits == going.retired, (seed, events)
        assert (state.successor if state else "") == (going.successor or ""), (seed, events)
