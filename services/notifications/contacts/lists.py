"""Pages of contacts. A page costs what it shows, whatever the region has."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.repositories import contact_repository
from services.notifications.contacts.role import ContactRole
from shared.ports.store import Store
from shared.storage.repository import Versioned, VersionedPage


class ContactLists:
    """Lists without erased contacts."""

    def __init__(self, store: Store) -> None:
        self._contacts = contact_repository(store)
        self._directory = ContactDirectory(store)

    async def of_region(
        self, region: str, *, role: ContactRole | None, closed: bool | None, limit: int, after: str | None
    ) -> VersionedPage[Contact]:
        """The region's contacts, of agencies and of the region itself."""
        where: dict[str, Any] = {"region": region, "erased": 0}
        if role is not None:
            where["role"] = role.value
        if closed is not None:
            where["closed"] = int(closed)
        return await self._contacts.list(where, limit=limit, after=after)

    async def of_agencies(
        self,
        agencies: Collection[str],
        region: str | None,
        *,
        role: ContactRole | None,
        closed: bool | None,
        limit: int,
        after: str | None,
    ) -> VersionedPage[Contact]:
        """The contacts of these agencies, each once. region: leaves out agencies of another region. Pages without any
        item that is shown are skipped."""
        while True:
            members, after = await self._directory.page(agencies, limit, after)
            items = [
                contact
                for agency, contact in members
                if _first(contact.value, agencies) == agency and _shown(contact, region, role, closed=closed)
            ]
            if items or after is None:
                return VersionedPage(items, after)


def _first(contact: Contact, agencies: Collection[str]) -> str | None:
    """Of the contact's agencies the one under which it is listed."""
    return min((each for each in contact.agencies if each in agencies), default=None)


def _shown(contact: Versioned[Contact], region: str | None, role: ContactRole | None, *, closed: bool | None) -> bool:
    value = contact.value
    return (
        not value.erased
        and region in (None, value.region)
        and role in (None, value.role)
        and closed in (None, value.closed)
    )
