"""Brings the contacts of earlier releases into the present form at start: memberships, and the fields that queries use.
Owes no events. What a crash cuts off is taken up at the next start."""

from __future__ import annotations

import structlog

from services.notifications.contacts.contact import Contact, with_derived
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.repositories import contact_repository
from services.notifications.kinds import CONTACT
from shared.ports.store import State, Store
from shared.storage.batches import in_batches, in_parallel
from shared.storage.steps import without_event

log = structlog.get_logger("notifications")

_SINCE_SCHEMA_4 = "role"


async def carry_contacts(store: Store) -> int:
    """Returns how many were carried."""
    contacts, directory = contact_repository(store), ContactDirectory(store)

    async def carry(person: str) -> None:
        found = await contacts.get(person)
        await directory.register(person, found.value)
        await store.change(CONTACT.name, person, without_event(_present_form))

    carried = 0
    async for rows in in_batches(store.scan(CONTACT.name, {}, (_SINCE_SCHEMA_4,))):
        former = [row.id for row in rows if row[_SINCE_SCHEMA_4] is None]
        await in_parallel(former, carry)
        carried += len(former)
    if carried:
        log.info("contacts.carried", count=carried)
    return carried


def _present_form(state: State | None) -> State | None:
    return None if state is None else with_derived(Contact.model_validate(state)).model_dump(mode="json")
