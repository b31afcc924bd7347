"""The collection of one kind: its reads and writes, gathered."""

from __future__ import annotations

from shared.adapters.mongo.driver import Database
from shared.adapters.mongo.reads import Reads
from shared.adapters.mongo.writes import Writes
from shared.ports.store import Kind


class Collection:
    """Reads and writes of the documents of one kind. documents: for everything that is not gathered."""

    def __init__(self, database: Database, kind: Kind) -> None:
        self.kind = kind
        self.documents = database[kind.name]
        self.reads = Reads(self.documents)
        self.writes = Writes(self.documents)

    async def finish(self) -> None:
        """Return when no statement is under way."""
        await self.reads.finish()
        await self.writes.finish()
