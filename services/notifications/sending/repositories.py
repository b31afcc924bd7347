"""Typed access to the stored documents of `sending`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.notifications.kinds import BODY, CHANNEL, CHANNEL_NOTICE, PERFORMANCE, RECEIPT
from services.notifications.sending.channel_state import ChannelState
from services.notifications.sending.documents import KeptBody, StoredReceipt
from services.notifications.sending.histogram import DayHistogram
from services.notifications.sending.notices.notice import ChannelNotice
from shared.storage.repository import Repository

if TYPE_CHECKING:
    from shared.ports.store import Store


def channel_repository(store: Store) -> Repository[ChannelState]:
    """Id: the channel's name."""
    return Repository(store, CHANNEL, ChannelState, "Saluran ini belum pernah dipakai.")


def notice_repository(store: Store) -> Repository[ChannelNotice]:
    """Id: the notice's."""
    return Repository(store, CHANNEL_NOTICE, ChannelNotice, "Pemberitahuan penyedia ini tidak ada.")


def receipt_repository(store: Store) -> Repository[StoredReceipt]:
    """Id: the digest of the provider's entry."""
    return Repository(store, RECEIPT, StoredReceipt, "Tanda terima ini tidak ada.")


def body_repository(store: Store) -> Repository[KeptBody]:
    """Id: the attempt's."""
    return Repository(store, BODY, KeptBody, "Isi pesan ini tidak disimpan.")


def performance_repository(store: Store) -> Repository[DayHistogram]:
    """Id: the day, `2027-01-02`."""
    return Repository(store, PERFORMANCE, DayHistogram, "Belum ada angka untuk hari ini.")
