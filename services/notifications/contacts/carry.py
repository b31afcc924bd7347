"""Brings the contacts of earlier releases into the present form at start: memberships, and the fields that queries use.
Owes no events. What a crash cuts off is taken up at the next start."""

from __future__ import annotations

import structlog

from services.notifications.contacts.contact import Contact, with_derived
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.repositories import contact_repository
from services.notifications.kinds import CONTACT
from shared.ports.store import State, Store
from shared.storage.batches import in_parallel
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

log = structlog.get_logger("notifications")

_FORMER = {"role": None}  # every contact has a role since schema 4
_PAGE = 100


async def carry_contacts(store: Store) -> int:
    """Returns how many were carried. One query when there are none. Raises StoreAway."""
    contacts, directory = contact_repository(store), ContactDirectory(store)

    async def carry(contact: Versioned[Contact]) -> None:
        await directory.register(contact.id, contact.value)
        await store.change(CONTACT.name, contact.id, without_event(_present_form))

    carried = 0
    while former := (await contacts.list(_FORMER, limit=_PAGE, after=None)).items:
        await in_parallel(former, carry)
        carried += len(former)
    if carried:
        log.info("contacts.carried", count=carried)
    return carried


def _present_form(state: State | None) -> State | None:
    return None if state is None else with_derived(Contact.model_validate(state)).model_dump(mode="json")
