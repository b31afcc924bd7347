"""Typed access to the stored documents of `reminders`."""

from __future__ import annotations

from services.notifications.kinds import HOLD
from services.notifications.reminders.restore_hold import RestoreHold
from shared.ports.store import Store
from shared.storage.repository import Repository


def restore_hold_repository(store: Store) -> Repository[RestoreHold]:
    """Id: `restore`."""
    return Repository(store, HOLD, RestoreHold, "Tidak ada penahanan.")
