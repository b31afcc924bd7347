from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from services.notifications.contacts.carry import carry_contacts
from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.repositories import contact_repository
from services.notifications.kinds import CONTACT, MEMBERSHIP, POST
from services.notifications.messages.alert import alert_of
from services.notifications.reminders.reasons import contact_reasons
from shared.adapters.sqlite.store import SqliteStore
from shared.ports.store import Store
from tests.museum.former_documents import documents_of
from tests.support.notifications_service import agency_id, person_id

DAY = date(2026, 12, 1)
WITH_ROLES = 4  # the schema
DINKES = agency_id("Dinas Kesehatan")


@pytest.fixture
async def former(tmp_path: Path) -> AsyncIterator[Store]:
    """A store with the contacts of all earlier releases."""
    store = SqliteStore(tmp_path / "contacts.sqlite")
    await store.open([CONTACT, MEMBERSHIP])
    await store.load(CONTACT.name, documents_of(CONTACT.name))
    yield store
    await store.close()


async def test_former_contacts_are_found_by_agency_and_by_the_new_fields(former: Store) -> None:
    contacts, directory = contact_repository(former), ContactDirectory(former)
    assert await directory.of_agency(DINKES) == []

    assert await carry_contacts(former) == sum(each["schema"] < WITH_ROLES for each in documents_of(CONTACT.name))

    assert {person_id(name) for name in ("Sari", "Tono", "Wati", "Umar")} <= {
        each.id for each in await directory.of_agency(DINKES)
    }
    closed = await contacts.list({"region": "61.12", "erased": 0, "closed": 1}, limit=50, after=None)
    assert person_id("Tono") in {each.id for each in closed.items}
    assert {each.value.email_closed for each in closed.items} == {"5.1.1"}


async def test_a_second_start_carries_nothing_and_an_interrupted_one_is_taken_up(former: Store) -> None:
    await carry_contacts(former)
    before = [each async for each in former.dump(CONTACT.name)]

    assert await carry_contacts(former) == 0
    assert [each async for each in former.dump(CONTACT.name)] == before

    await former.load(CONTACT.name, [each for each in documents_of(CONTACT.name) if each["schema"] < WITH_ROLES][:2])
    assert await carry_contacts(former) == 2


async def test_nobody_of_before_is_asked_or_told_by_another_channel(former: Store) -> None:
    await carry_contacts(former)

    contacts = [each.value for each in await ContactDirectory(former).of_agency(DINKES)]

    assert not any(each.to_confirm(DAY) for each in contacts)
    assert {each.address_revision for each in contacts} == {1}
    assert {channel for each in contacts for channel in each.channels(DAY)} == {ChannelName.EMAIL}


async def test_who_was_asked_for_one_address_is_asked_for_no_other_and_by_the_same_reason(former: Store) -> None:
    budi = await contact_repository(former).get(person_id("Budi (contoh)"))
    sari = await contact_repository(former).get(person_id("Sari (contoh)"))
    tono = await contact_repository(former).get(person_id("Tono (contoh)"))

    assert [each.value.to_confirm(DAY) for each in (budi, sari, tono)] == [
        (ChannelName.EMAIL,),
        (ChannelName.WHATSAPP,),
        (),
    ]
    for contact in (budi, sari):
        logged = [each["state"] for each in documents_of(POST.name) if each["_id"] == contact.id]
        told = {each["id"] for log in logged for each in log["alerts"] if each["reason"]["what"] == "confirm"}
        due = contact_reasons(contact.id, contact.value, DAY, DAY)
        assert {alert_of(each.reason, contact.id, 1).id for each in due} == told
