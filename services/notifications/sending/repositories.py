"""Typed access to the stored documents of `sending`."""

from __future__ import annotations

from services.notifications.kinds import CHANNEL, CHANNEL_NOTICE
from services.notifications.sending.channel_state import ChannelState
from services.notifications.sending.notice import ChannelNotice
from shared.ports.store import Store
from shared.storage.repository import Repository


def channel_repository(store: Store) -> Repository[ChannelState]:
    """Id: the channel's name."""
    return Repository(store, CHANNEL, ChannelState, "Saluran ini belum pernah dipakai.")


def notice_repository(store: Store) -> Repository[ChannelNotice]:
    """Id: the notice's."""
    return Repository(store, CHANNEL_NOTICE, ChannelNotice, "Pemberitahuan penyedia ini tidak ada.")
