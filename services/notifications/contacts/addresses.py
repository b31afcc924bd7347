"""Whom an address belongs to: one contact of a region, or the same person would be told everything twice."""

from __future__ import annotations

from services.notifications.contacts.repositories import contact_repository
from shared.ports.store import OneOf, Store, Where

_SOME = 5  # owners of one address: one, or a few from releases that did not look


class Addresses:
    """Looks addresses up. Two contacts that are created in the same instant may still share one."""

    def __init__(self, store: Store) -> None:
        self._contacts = contact_repository(store)

    async def owners(self, region: str, *, email: str = "", phone: str = "") -> set[str]:
        """The ids of the contacts of the region with one of these addresses, which are normalised, or empty."""
        owners: set[str] = set()
        if email:
            owners |= await self._with({"region": region, "email": OneOf(sorted({email, email.casefold()}))})
        if phone:
            owners |= await self._with({"region": region, "phone": phone})
        return owners

    async def _with(self, where: Where) -> set[str]:
        page = await self._contacts.list(where, limit=_SOME, after=None)
        return {each.id for each in page.items}
