"""Loads the documents of one collection, those that many coroutines ask for in one statement."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from shared.adapters.mongo.driver import WHOLE_SECONDS, Documents, Row
from shared.adapters.mongo.errors import answered
from shared.adapters.mongo.gathering import Gathering

PACE = 0.008  # seconds from one statement of a collection to the next while somebody waits
_MOST = 100  # documents; the server's first answer holds as many
_ROW: Row = {"schema": 1, "sequence": 1, "state": 1, "outbox.id": 1}


class Reads:
    """The documents of a collection by id. A read sees every write that was answered before it was asked for."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._reads: Gathering[str, Row | None] = Gathering(self._read, most=_MOST, pace=PACE)

    async def load(self, id: str) -> Row | None:
        """The document's schema, sequence and state, and the ids of the events that it owes. Not to be modified: others
        may have been given the same. Raises StoreAway."""
        return await self._reads.ask(id)

    async def load_all(self, ids: Iterable[str]) -> list[Row]:
        """Those that exist, in the order of their ids."""
        rows = await asyncio.gather(*map(self._reads.ask, sorted(set(ids))))
        return [row for row in rows if row is not None]

    async def finish(self) -> None:
        """Return when no statement is under way."""
        await self._reads.finish()

    async def _read(self, ids: Sequence[str]) -> Sequence[Row | None]:
        wanted = list(dict.fromkeys(ids))
        async with answered(WHOLE_SECONDS):
            if len(wanted) == 1:
                row = await self._documents.find_one({"_id": wanted[0]}, _ROW)
                return [row] * len(ids)
            rows = await self._documents.find({"_id": {"$in": wanted}}, _ROW).limit(len(wanted)).to_list(len(wanted))
        found = {row["_id"]: row for row in rows}
        return [found.get(id) for id in ids]
