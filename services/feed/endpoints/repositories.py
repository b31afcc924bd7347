"""The typed access to the documents of webhook endpoints."""

from __future__ import annotations

from services.feed.endpoints.delivery import Delivery
from services.feed.endpoints.endpoint import Endpoint
from services.feed.endpoints.kinds import DELIVERY, ENDPOINT, PROGRESS
from services.feed.endpoints.progress import Progress
from shared.ports.store import Store
from shared.storage.repository import Repository


def endpoint_repository(store: Store) -> Repository[Endpoint]:
    """id: made from the request that created it."""
    return Repository(store, ENDPOINT, Endpoint, "Penerima webhook ini tidak ada.")


def progress_repository(store: Store) -> Repository[Progress]:
    """id: the endpoint's."""
    return Repository(store, PROGRESS, Progress, "Penerima webhook ini tidak ada.")


def delivery_repository(store: Store) -> Repository[Delivery]:
    """id: endpoint and slot."""
    return Repository(store, DELIVERY, Delivery, "Kiriman ini tidak ada di catatan.")
