"""A feed on a real store over HTTP, with accounts whose tokens are their names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2

from services.feed.api.events import EventRoutes
from services.feed.api.places import WaitingPlaces
from services.feed.api.stream import StreamRoutes
from services.feed.latest.feed import Feed
from services.feed.latest.mark import Marks
from services.feed.latest.placing import Arrived
from services.feed.latest.watcher import Watcher
from services.feed.latest.writer import LatestWriter
from shared.auth.policy import Principal, Role
from shared.contracts.event import Event
from shared.faults import Unauthenticated
from shared.ports.store import Store
from shared.web.app import mount_of, service_app
from shared.web.mounts import Mounts
from shared.web.server import Server
from tests.support.client import eventually

SUBJECTS = frozenset({"innovation", "obligation"})
ACCOUNTS = {
    "everywhere": Principal("everywhere", Role.SUBSCRIBER, subjects=SUBJECTS),
    "region": Principal("region", Role.SUBSCRIBER, "61.12", subjects=SUBJECTS),
    "province": Principal("province", Role.SUBSCRIBER, subjects=SUBJECTS, province="61"),
    "curator": Principal("curator", Role.CURATOR, "61.12"),
    "executive": Principal("executive", Role.EXECUTIVE, "61.12"),
    "agency": Principal("agency", Role.AGENCY, "61.12", frozenset({"a1"})),
    "operator": Principal("operator", Role.OPERATOR),
}
LOOK = 0.005  # seconds between two looks at the mark


def body_of(subject: str, region: str = "61.12", number: int = 1, **data: Any) -> bytes:  # noqa: ANN401 - any payload
    """The bytes of an event, with spaces and signs that an encoder of ours would write in another way."""
    event = Event(
        id=f"{subject}/{number:016}",
        source="/registry",
        type=f"{subject.partition('/')[0]}.changed",
        subject=subject,
        time="2026-05-05T02:00:00Z",
        dataschema="urn:satu-inovasi:event:innovation.changed:1",
        sequence=f"{number:016}",
        region=region,
        data=data,
    )
    return event.encode().replace(b'{"specversion"', b'{ "note":"caf\\u00e9 \xe2\x98\x83",  "specversion"')


@dataclass
class ServedFeed:
    """The feed's parts. accounts: by token; gates raise for a token that is removed."""

    store: Store
    marks: Marks
    watcher: Watcher
    writer: LatestWriter
    places: WaitingPlaces
    server: Server | None
    client: httpx2.AsyncClient
    accounts: dict[str, Principal] = field(default_factory=lambda: dict(ACCOUNTS))

    async def enter(self, token: str) -> Principal:
        """As a gate."""
        if token not in self.accounts:
            raise Unauthenticated("no such token")
        return self.accounts[token]

    async def place(self, *subjects: str, region: str = "61.12", number: int = 1, pad: int = 0) -> None:
        """Have the feed receive an event about each of these subjects, one after the other. pad: more bytes of each."""
        for subject in subjects:
            type, body = f"{subject.partition('/')[0]}.changed", body_of(subject, region, number, pad="x" * pad)
            await self.writer.place(Arrived(subject, type, region, body.decode(), number, may_repeat=False))

    async def get(self, path: str, who: str = "everywhere", **headers: str) -> httpx2.Response:
        return await self.client.get(path, headers={"Authorization": f"Bearer {who}"} | headers)

    async def waiting(self, count: int) -> None:
        """Until so many callers wait."""

        async def held() -> bool:
            return self.places.held == count

        await eventually(held, within=10, every=LOOK)


@asynccontextmanager
async def served(store: Store, *, on_a_port: bool) -> AsyncIterator[ServedFeed]:
    """on_a_port: by the real server, as streams and disconnects need it; else called in memory, which is faster."""
    marks = Marks(store)
    feed, places = Feed(store, marks), WaitingPlaces()
    watcher = Watcher(feed, marks)
    writer = LatestWriter(store, marks, moved=watcher.wake.set, gather=0.0)
    router = EventRoutes(feed, watcher, places).router()
    router.routes.extend(StreamRoutes(feed, watcher, places).router().routes)
    gate = _Gate()
    app = service_app("feed", router, gate)

    async def nothing(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        raise AssertionError(scope["path"])

    mounted = Mounts({mount_of("feed"): app}, nothing)
    server = Server(mounted, "127.0.0.1", 0, stop_seconds=2) if on_a_port else None
    if server is not None:
        await server.begin()
    looking = asyncio.create_task(_look(watcher))
    async with httpx2.AsyncClient(
        base_url=f"{server.url if server else 'http://feed'}/feed/v1",
        trust_env=False,
        timeout=20,
        transport=None if server else httpx2.ASGITransport(mounted),
    ) as client:
        served_feed = ServedFeed(store, marks, watcher, writer, places, server, client)
        gate.feed = served_feed
        try:
            yield served_feed
        finally:
            if server is not None:
                await server.end()
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
            await writer.stop()


class _Gate:
    feed: ServedFeed

    async def enter(self, token: str) -> Principal:
        return await self.feed.enter(token)


async def _look(watcher: Watcher) -> None:
    while True:
        watcher.wake.clear()
        await watcher.look()
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                await watcher.wake.wait()
