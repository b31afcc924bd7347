"""Puts the parts of webhook endpoints together."""

from __future__ import annotations

from fastapi import APIRouter

from services.feed.api.endpoints import EndpointRoutes
from services.feed.endpoints.addresses import networks_of
from services.feed.endpoints.connection import WebhookClient
from services.feed.endpoints.management import Management
from services.feed.endpoints.sender import EVERY, Sender
from services.feed.latest.feed import Feed
from services.feed.latest.watcher import Watcher
from services.feed.settings import FeedSettings
from shared.runtime.service import Loop, Resources

PURGE_EVERY = 3600.0  # seconds between two looks for entries of the log that need not be kept any longer


class Webhooks:
    """Their routes and loops. client: by default one that sends as the settings allow."""

    def __init__(self, resources: Resources, feed: Feed, watcher: Watcher, client: WebhookClient | None = None) -> None:
        store, clock = resources.store, resources.clock
        networks = networks_of(resources.settings.of(FeedSettings).webhook_networks)
        client = client or WebhookClient(networks)
        self.sender = Sender(store, feed, watcher, client, clock)
        self.management = Management(store, client, clock, self.sender.wake.set)

    def router(self) -> APIRouter:
        """All routes."""
        return EndpointRoutes(self.management).router()

    @property
    def loops(self) -> tuple[Loop, ...]:
        """What runs again and again."""
        return (
            Loop("webhooks", EVERY, self.sender.run, self.sender.wake),
            Loop("delivery-log", PURGE_EVERY, self._purge),
        )

    async def close(self) -> None:
        """Wait for the hand-overs under way."""
        await self.sender.close()

    async def _purge(self) -> None:
        await self.management.deliveries.purge()
