"""Typed access to the stored documents of `messages`."""

from __future__ import annotations

from services.notifications.kinds import MESSAGE, POST
from services.notifications.messages.alert_log import AlertLog
from services.notifications.messages.message import Message
from shared.ports.store import Store
from shared.storage.repository import Repository


def alert_log_repository(store: Store) -> Repository[AlertLog]:
    """Id: the person's."""
    return Repository(store, POST, AlertLog, "Orang ini belum pernah diberi pengingat.")


def message_repository(store: Store) -> Repository[Message]:
    """Id: `<person>/<number>`."""
    return Repository(store, MESSAGE, Message, "Pesan ini tidak ada.")
