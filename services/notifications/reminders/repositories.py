"""Typed access to the stored documents of `reminders`."""

from __future__ import annotations

from services.notifications.kinds import ALERT_COUNT, ALERT_POLICY, ALERTING, HOLD
from services.notifications.reminders.caps import AlertCount
from services.notifications.reminders.mode import AlertingMode
from services.notifications.reminders.policy.alert_policy import AlertPolicies
from services.notifications.reminders.restore_hold import RestoreHold
from shared.ports.store import Store
from shared.storage.repository import Repository


def restore_hold_repository(store: Store) -> Repository[RestoreHold]:
    """Id: `restore`."""
    return Repository(store, HOLD, RestoreHold, "Tidak ada penahanan.")


def alert_policy_repository(store: Store) -> Repository[AlertPolicies]:
    """Id: the region's code."""
    return Repository(store, ALERT_POLICY, AlertPolicies, "Daerah ini memakai kebijakan pengingat bawaan.")


def alerting_repository(store: Store) -> Repository[AlertingMode]:
    """Id: `mode`."""
    return Repository(store, ALERTING, AlertingMode, "Mode pengingat belum ditetapkan.")


def alert_count_repository(store: Store) -> Repository[AlertCount]:
    """Id: the region's code."""
    return Repository(store, ALERT_COUNT, AlertCount, "Belum ada pesan hari ini.")
