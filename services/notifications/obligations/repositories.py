"""Typed access to the stored documents of `obligations`."""

from __future__ import annotations

from services.notifications.kinds import EXEMPTION, OBLIGATION
from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.exemption import Exemption
from shared.ports.store import Store
from shared.storage.repository import Repository


def obligation_repository(store: Store) -> Repository[ObligationDocument]:
    """Id: `<agency>/<year>`."""
    return Repository(store, OBLIGATION, ObligationDocument, "Kewajiban ini tidak ada, atau datanya belum lengkap.")


def exemption_repository(store: Store) -> Repository[Exemption]:
    """Id: `<agency>/<year>`."""
    return Repository(store, EXEMPTION, Exemption, "Tidak ada pengecualian yang berlaku.")
