"""Typed access to the stored documents of `contacts`."""

from __future__ import annotations

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.contact_import import ContactImport
from services.notifications.contacts.membership import Membership
from services.notifications.kinds import CONTACT, CONTACT_IMPORT, MEMBERSHIP
from shared.ports.store import Store
from shared.storage.repository import Repository


def contact_repository(store: Store) -> Repository[Contact]:
    """Id: the person's opaque id."""
    return Repository(store, CONTACT, Contact, "Kontak ini tidak ada.")


def membership_repository(store: Store) -> Repository[Membership]:
    """Id: `<agency>/<person>`, or `<region>/<person>`."""
    return Repository(store, MEMBERSHIP, Membership, "Kontak ini tidak ada.")


def contact_import_repository(store: Store) -> Repository[ContactImport]:
    """Id: made from the account and its idempotency key."""
    return Repository(store, CONTACT_IMPORT, ContactImport, "Impor ini tidak ada.")
