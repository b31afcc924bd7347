"""Stores contacts: memberships first, then the contact, then the sweep is told."""

from __future__ import annotations

from collections.abc import Callable

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.repositories import contact_repository
from services.notifications.contacts.waking import Waker, wake
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event
from shared.storage.stored import Fingerprint


class ContactWriter:
    """The only way by which routes and imports change contacts."""

    def __init__(self, store: Store, waker: Waker) -> None:
        self._contacts = contact_repository(store)
        self._directory = ContactDirectory(store)
        self._waker = waker

    async def create(self, person: str, contact: Contact, fingerprint: Fingerprint) -> Versioned[Contact]:
        """Store a new contact; a repeat gives the first one. Raises KeyReused."""
        await self._directory.register(person, contact)
        stored = await self._contacts.create(person, contact, fingerprint=fingerprint)
        if stored.changed:
            wake(self._waker, stored.value)
        return stored

    async def change(
        self, person: str, step: Callable[[Contact | None], Contact | None], expected: int | None = None
    ) -> Versioned[Contact]:
        """Change a contact. step: a pure function of the contact before, None if there is none, that gives the one
        after, or None for no change. Raises NotFound, Stale, and whatever `step` raises."""
        before = await self._contacts.find(person)
        intended = step(before.value if before else None)
        if intended is not None:
            await self._directory.register(person, intended)
        seen: list[Contact] = []

        def observed(contact: Contact | None) -> Contact | None:
            seen[:] = [contact] if contact else []
            return step(contact)

        stored = await self._contacts.change(person, without_event(observed), expected=expected)
        if stored.changed:
            wake(self._waker, *seen, stored.value)
        return stored
