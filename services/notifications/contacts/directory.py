"""Finds the contacts of agencies and regions by their memberships, and writes the memberships."""

from __future__ import annotations

from collections.abc import Collection

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.membership import Membership, is_member, memberships_of
from services.notifications.contacts.repositories import contact_repository, membership_repository
from shared.ports.store import ID, OneOf, Store, Where
from shared.storage.batches import in_parallel
from shared.storage.repository import Versioned

_PAGE = 200


class ContactDirectory:
    """Reads contacts as they are: also erased, expired and closed ones."""

    def __init__(self, store: Store) -> None:
        self._contacts = contact_repository(store)
        self._memberships = membership_repository(store)

    async def of_agency(self, agency: str) -> list[Versioned[Contact]]:
        """The agency's officers and heads, in the order of their ids."""
        return (await self.of_agencies([agency]))[agency]

    async def of_agencies(self, agencies: Collection[str]) -> dict[str, list[Versioned[Contact]]]:
        """Agency → its officers and heads, in the order of their ids; an entry for each of `agencies`."""
        found: dict[str, list[Versioned[Contact]]] = {agency: [] for agency in agencies}
        waiting = sorted(found)
        for start in range(0, len(waiting), _PAGE):
            memberships = await self._all({"agency": OneOf(waiting[start : start + _PAGE])})
            for membership, contact in await self._members(memberships):
                found[membership.agency].append(contact)
        return {agency: sorted(contacts, key=lambda each: each.id) for agency, contacts in found.items()}

    async def of_region(self, region: str) -> list[Versioned[Contact]]:
        """The region's curators and executives, in the order of their ids."""
        memberships = await self._all({"region": region, "agency": ""})
        return sorted((contact for _, contact in await self._members(memberships)), key=lambda each: each.id)

    async def page(
        self, agencies: Collection[str], limit: int, after: str | None
    ) -> tuple[list[tuple[str, Versioned[Contact]]], str | None]:
        """A page of the agencies' contacts, each with the agency, and the cursor of the next one. A contact of several
        agencies comes several times; a page may have fewer than `limit`."""
        page = await self._memberships.list({"agency": OneOf(sorted(agencies))}, limit=limit, after=after)
        members = await self._members([each.value for each in page.items])
        return [(membership.agency, contact) for membership, contact in members], page.after

    async def register(self, person: str, contact: Contact) -> None:
        """Store the contact's memberships. To be called before the contact is stored: one too many is harmless, one
        that lacks would hide the person."""
        waiting = memberships_of(person, contact)
        for start in range(0, len(ids := sorted(waiting)), _PAGE):
            some = ids[start : start + _PAGE]
            known = await self._memberships.list({ID: OneOf(some)}, limit=_PAGE, after=None)
            missing = set(some) - {each.id for each in known.items}
            await in_parallel(sorted(missing), lambda each: self._memberships.create(each, waiting[each]))

    async def _all(self, where: Where) -> list[Membership]:
        page = await self._memberships.list(where, limit=_PAGE, after=None)
        found = [each.value for each in page.items]
        while page.after:
            page = await self._memberships.list(where, limit=_PAGE, after=page.after)
            found += [each.value for each in page.items]
        return found

    async def _members(self, memberships: list[Membership]) -> list[tuple[Membership, Versioned[Contact]]]:
        """The memberships that still hold, each with its contact."""
        contacts: dict[str, Versioned[Contact]] = {}
        waiting = sorted({each.person for each in memberships})
        for start in range(0, len(waiting), _PAGE):
            page = await self._contacts.list({ID: OneOf(waiting[start : start + _PAGE])}, limit=_PAGE, after=None)
            contacts |= {each.id: each for each in page.items}
        return [
            (each, contacts[each.person])
            for each in memberships
            if each.person in contacts and is_member(contacts[each.person].value, each.agency)
        ]
