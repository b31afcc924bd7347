from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.correction import corrected
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.role import ContactRole
from services.notifications.contacts.writer import ContactWriter
from services.notifications.kinds import CONTACT, MEMBERSHIP
from services.notifications.state import replaced
from shared.adapters.sqlite.store import SqliteStore
from shared.faults import NotFound, Stale, StoreAway
from shared.ports.store import Store
from shared.storage.stored import Fingerprint

BUDI = Contact.of(region="61.12", agencies=["a", "b"], name="Budi", email="budi@x.example")
SEKDA = Contact.of(region="61.12", name="Sekda", role=ContactRole.EXECUTIVE, email="sekda@x.example")
ANY = Fingerprint("", "")


class Woken:
    """Collects what is woken."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def wake_agency(self, id: str) -> None:
        self.all.append(id)

    def wake_region(self, code: str) -> None:
        self.all.append(code)

    def since(self) -> list[str]:
        woken, self.all = self.all, []
        return woken


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = SqliteStore(tmp_path / "contacts.sqlite")
    await store.open([CONTACT, MEMBERSHIP])
    yield store
    await store.close()


async def test_a_new_contact_wakes_its_agencies_once(store: Store) -> None:
    woken = Woken()
    writer = ContactWriter(store, woken)

    await writer.create("p", BUDI, ANY)
    assert woken.since() == ["a", "b"]
    await writer.create("p", BUDI, ANY)
    assert woken.since() == [], "a repeat changes nothing"
    await writer.create("s", SEKDA, ANY)
    assert woken.since() == ["61.12"]


async def test_a_change_wakes_the_agencies_before_and_after(store: Store) -> None:
    woken = Woken()
    writer = ContactWriter(store, woken)
    await writer.create("p", BUDI, ANY)
    woken.since()

    await writer.change("p", lambda it: it and corrected(it, replaced(BUDI, agencies=("b", "c"))))
    assert woken.since() == ["a", "b", "c"]
    await writer.change("p", lambda it: it and corrected(it, replaced(BUDI, agencies=("b", "c"))))
    assert woken.since() == [], "nothing has changed"
    await writer.change("p", lambda it: it and it.without_personal_data())
    assert woken.since() == ["b", "c"], "somebody else must be told from now on"


async def test_the_membership_is_there_before_the_contact(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    change = store.change

    async def away_for_contacts(kind: str, *arguments: object, **more: object) -> object:
        if kind == CONTACT.name:
            raise StoreAway("killed between the two")
        return await change(kind, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "change", away_for_contacts)
    with pytest.raises(StoreAway):
        await ContactWriter(store, Woken()).create("p", BUDI, ANY)
    monkeypatch.undo()

    directory = ContactDirectory(store)
    assert [each["_id"] async for each in store.dump(MEMBERSHIP.name)] == ["a/p", "b/p"]
    assert await directory.of_agency("a") == []
    await ContactWriter(store, Woken()).create("p", BUDI, ANY)
    assert [each.id for each in await directory.of_agency("a")] == ["p"]


async def test_a_contact_of_the_region_that_becomes_an_officer_is_found_at_the_agency_only(store: Store) -> None:
    writer, directory = ContactWriter(store, Woken()), ContactDirectory(store)
    await writer.create("s", SEKDA, ANY)

    await writer.change("s", lambda it: it and corrected(it, BUDI))

    assert await directory.of_region("61.12") == []
    assert [each.id for each in await directory.of_agency("a")] == ["s"]


async def test_another_version_or_a_missing_contact_is_refused(store: Store) -> None:
    writer = ContactWriter(store, Woken())
    with pytest.raises(NotFound):
        await writer.change("p", lambda _: None)
    await writer.create("p", BUDI, ANY)
    with pytest.raises(Stale):
        await writer.change("p", lambda it: it and it.without_personal_data(), expected=1)


async def test_of_many_agencies_each_has_its_contacts(store: Store) -> None:
    writer, directory = ContactWriter(store, Woken()), ContactDirectory(store)
    agencies = [f"agency-{number:03}" for number in range(450)]
    await writer.create("p", replaced(BUDI, agencies=tuple(agencies)), ANY)
    await writer.create("q", BUDI, ANY)

    found = await directory.of_agencies([*agencies, "a"])

    assert {len(contacts) for contacts in found.values()} == {1}
    assert [each.id for each in found["a"]] == ["q"]
    assert len(found) == 451
