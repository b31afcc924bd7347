"""Typed access to the stored documents of `sending`."""

from __future__ import annotations

from services.notifications.kinds import CHANNEL
from services.notifications.sending.channel_state import ChannelState
from shared.ports.store import Store
from shared.storage.repository import Repository


def channel_repository(store: Store) -> Repository[ChannelState]:
    """Id: the channel's name."""
    return Repository(store, CHANNEL, ChannelState, "Saluran ini belum pernah dipakai.")
