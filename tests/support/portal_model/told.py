"""A read model that is told events, in the way a consumer does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from services.portal.model.keeping.counting import Counting
from services.portal.model.keeping.following import Following
from services.portal.model.keeping.handlers import PURPOSE, Handlers
from services.portal.model.keeping.writer import ModelWriter
from services.portal.model.kinds import KINDS
from services.portal.model.model import Model
from services.portal.model.views.freshness import Freshness
from shared.adapters.sqlite.store import SqliteStore
from shared.contracts.event import Event
from shared.contracts.event_types import decode_event
from shared.messaging.handlers import briefs
from shared.ports.store import Store


class Told:
    """model: to be asked. store: on which it stands."""

    def __init__(self, store: Store, gather: float = 0.0) -> None:
        self.store = store
        self.counting = Counting(store, rest=0)
        self.writer = ModelWriter(store, Following(store).by_kind(), gather=(gather, gather))
        self.model = Model(store, lambda: Freshness(building=False, as_of=None))
        self._handlers = Handlers(self.writer).by_purpose()[PURPOSE]
        self._briefs = briefs(self._handlers)

    async def tell(self, *events: Event) -> None:
        """These events, one after another."""
        for event in events:
            await self._handle(event)

    async def tell_together(self, events: Iterable[Event]) -> None:
        """These events at the same time, begun in their order."""
        await asyncio.gather(*(self._handle(each) for each in events))

    async def counted(self) -> Model:
        """The model when all that is marked has been counted."""
        while await self.counting.count():
            pass
        return self.model

    async def _handle(self, event: Event) -> None:
        decoded, payload = decode_event(event.encode(), self._briefs)
        await self._handlers[event.type](decoded, payload)


@asynccontextmanager
async def told_model(folder: Path) -> AsyncIterator[Told]:
    """On SQLite in a folder."""
    store = SqliteStore(folder / "portal.sqlite")
    await store.open(KINDS)
    try:
        yield Told(store)
    finally:
        await store.close()
