"""A feed that is filled by hand, and one webhook endpoint that is served from it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from services.feed.endpoints.addresses import networks_of
from services.feed.endpoints.connection import WebhookClient
from services.feed.endpoints.delivery import Delivery
from services.feed.endpoints.endpoint import Endpoint
from services.feed.endpoints.hand_overs import HandOvers
from services.feed.endpoints.kinds import KINDS as ENDPOINT_KINDS
from services.feed.endpoints.management import Management, NewEndpoint
from services.feed.endpoints.progress import Progress
from services.feed.endpoints.repositories import progress_repository
from services.feed.endpoints.resolving import Resolve, resolve
from services.feed.kinds import KINDS, LATEST
from services.feed.latest.feed import Feed
from services.feed.latest.mark import Marks, Term
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import Clock
from shared.ports.store import AUDIT, Store
from shared.storage.steps import without_event
from shared.storage.stored import Fingerprint

REGION = "61.12"
ENDPOINT = "e1"
ALL_KINDS = tuple({each.name: each for each in (*KINDS, *ENDPOINT_KINDS)}.values())


class FilledFeed:
    """The store of a feed, without a bus. networks: those that may be sent to; seconds: of a whole hand-over."""

    def __init__(
        self, store: Store, resolve: Resolve = resolve, *, networks: str = "127.0.0.0/8", seconds: float = 5.0
    ) -> None:
        self.store = store
        self.marks = Marks(store)
        self.feed = Feed(store, self.marks)
        self.clock = Clock()
        self.client = WebhookClient(networks_of(networks), resolve=resolve, seconds=seconds)
        self.hand_overs = HandOvers(store, self.feed, self.client, self.clock, chance=lambda: 0.0)
        self.management = Management(store, self.client, self.clock, lambda: None)
        self.progresses = progress_repository(store)
        self._term: Term | None = None

    async def put(self, *subjects: str, version: int = 1, region: str = REGION) -> None:
        """Place an event of each subject, in this order."""
        self._term = self._term or await self.marks.begin_term()
        for subject in subjects:
            self._term.last += 1
            state = {
                "body": json.dumps(event_of(subject, version, region), separators=(",", ":")),
                "type": "innovation.submitted",
                "region": region,
                "province": region[:2],
                "kind": subject.partition("/")[0],
                "place": self._term.last,
                "sequence": version,
            }
            await self.store.change(LATEST.name, subject, without_event(lambda _, state=state: state))  # type: ignore[misc]
        await self.marks.store(self._term, self._term.last)

    async def rebuild(self) -> None:
        """A new, empty generation."""
        await self.marks.rebuild()
        self._term = None

    async def endpoint(self, url: str, subjects: tuple[str, ...] = ()) -> None:
        """Make the endpoint."""
        await self.management.create(ENDPOINT, NewEndpoint(url, subjects, REGION, by="curator"), Fingerprint("f", "f"))

    async def read_endpoint(self) -> Endpoint:
        found = await self.management._endpoints.get(ENDPOINT)
        return found.value

    async def progress(self) -> Progress:
        return await self.management.progress(ENDPOINT)

    async def serve(self) -> int:
        """Hand over what is due, although its time may not have come."""
        await self.change(due=0)
        return await self.hand_overs.serve(ENDPOINT)

    async def change(self, **fields: object) -> None:
        """Change the stored progress."""

        def changed(before: Progress | None) -> Progress:
            return (before or Progress()).model_copy(update=fields)

        await self.progresses.change(ENDPOINT, without_event(changed))

    async def log(self) -> list[Delivery]:
        """The oldest first."""
        page = await self.management.deliveries.page(ENDPOINT, limit=200, after=None)
        return [each.value for each in reversed(page.items)]

    async def events(self) -> list[dict[str, object]]:
        """The data of the `endpoint.changed` that are owed."""
        found = []
        async for stored in self.store.dump("endpoint"):
            found += [json.loads(each["body"])["data"] for each in stored["outbox"] if each["type"] != AUDIT]
        return found


def event_of(subject: str, version: int = 1, region: str = REGION) -> dict[str, object]:
    """As little of an event as is needed."""
    return {"specversion": "1.0", "id": f"{subject}/{version:016d}", "subject": subject, "region": region, "data": {}}


@asynccontextmanager
async def filled_feed(
    folder: Path, *, resolve: Resolve = resolve, networks: str = "127.0.0.0/8", seconds: float = 5.0
) -> AsyncIterator[FilledFeed]:
    """On a file of its own."""
    store = SqliteStore(folder / "feed.sqlite")
    await store.open(ALL_KINDS)
    try:
        yield FilledFeed(store, resolve, networks=networks, seconds=seconds)
    finally:
        await store.close()


NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
