"""Typed access to this service's documents: the repository of each kind."""

from __future__ import annotations

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.contact_import import ContactImport
from services.notifications.kinds import CHANNEL, CONTACT, CONTACT_IMPORT, EXEMPTION, HOLD, MESSAGE, OBLIGATION, POST
from services.notifications.messages.alert_log import AlertLog
from services.notifications.messages.message import Message
from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.exemption import Exemption
from services.notifications.reminders.restore_hold import RestoreHold
from services.notifications.sending.channel_state import ChannelState
from shared.ports.store import Store
from shared.storage.repository import Repository


def obligations(store: Store) -> Repository[ObligationDocument]:
    """Id: `<agency>/<year>`."""
    return Repository(store, OBLIGATION, ObligationDocument, "Kewajiban ini tidak ada, atau datanya belum lengkap.")


def exemptions(store: Store) -> Repository[Exemption]:
    """Id: `<agency>/<year>`."""
    return Repository(store, EXEMPTION, Exemption, "Tidak ada pengecualian yang berlaku.")


def contacts(store: Store) -> Repository[Contact]:
    """Id: the person's opaque id."""
    return Repository(store, CONTACT, Contact, "Kontak ini tidak ada.")


def contact_imports(store: Store) -> Repository[ContactImport]:
    """Id: made from the account and its idempotency key."""
    return Repository(store, CONTACT_IMPORT, ContactImport, "Impor ini tidak ada.")


def alert_logs(store: Store) -> Repository[AlertLog]:
    """Id: the person's."""
    return Repository(store, POST, AlertLog, "Orang ini belum pernah diberi pengingat.")


def messages(store: Store) -> Repository[Message]:
    """Id: `<person>/<number>`."""
    return Repository(store, MESSAGE, Message, "Pesan ini tidak ada.")


def channels(store: Store) -> Repository[ChannelState]:
    """Id: the channel's name."""
    return Repository(store, CHANNEL, ChannelState, "Saluran ini belum pernah dipakai.")


def restore_holds(store: Store) -> Repository[RestoreHold]:
    """Id: `restore`."""
    return Repository(store, HOLD, RestoreHold, "Tidak ada penahanan.")
