"""What a service that holds persons stores of erasures. Its kinds include these."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from shared.ports.store import Index, Kind, Store
from shared.storage.erasures.entry import Erasure
from shared.storage.repository import Repository

ERASURE = Kind("erasure", indexes=(Index(("region",)),))
"""Erasures that were carried out here; id: `Erasure.key`."""

ERASURE_LIST = Kind("erasure_list")
"""Which list this store belongs to; one document."""

ERASURE_KINDS = (ERASURE, ERASURE_LIST)
THE_LIST = "list"


class KnownList(BaseModel):
    """list: the id in the list's first line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    list: str


def erasure_repository(store: Store) -> Repository[Erasure]:
    """Id: the erasure's key."""
    return Repository(store, ERASURE, Erasure, "Penghapusan ini tidak ada.")


def list_repository(store: Store) -> Repository[KnownList]:
    """Id: THE_LIST."""
    return Repository(store, ERASURE_LIST, KnownList, "Daftar penghapusan belum dikenal.")
