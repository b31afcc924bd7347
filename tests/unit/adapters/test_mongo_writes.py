"""A bulk of which one write cannot be sent: the others are made, and each is told its fate once."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from pymongo import InsertOne
from pymongo.errors import BulkWriteError, DocumentTooLarge
from pymongo.results import BulkWriteResult

from shared.adapters.mongo.driver import Documents
from shared.adapters.mongo.write import Certain, Operation
from shared.adapters.mongo.writes import Writes

NONE: dict[str, Any] = {"writeErrors": [], "writeConcernErrors": [], "nModified": 0, "upserted": []}


class Server:
    """Keeps ids. A driver refuses a bulk with "large" after its first part was sent."""

    def __init__(self, *, durable: bool = True) -> None:
        self.ids: set[str] = set()
        self.durable = durable

    async def bulk_write(self, operations: list[Operation], *, ordered: bool) -> BulkWriteResult:
        assert not ordered
        ids = [cast("Any", each)._doc["_id"] for each in operations]
        errors = []
        for place, id in enumerate(ids):
            if id == "large":
                raise DocumentTooLarge("too large")
            if id in self.ids:
                errors.append({"index": place, "code": 11000, "errmsg": "E11000"})
            self.ids.add(id)
        if errors or not self.durable:
            late = [] if self.durable else [{"errmsg": "waiting for replication timed out"}]
            raise BulkWriteError({**NONE, "writeErrors": errors, "writeConcernErrors": late})
        return BulkWriteResult(NONE, acknowledged=True)


class Told(Certain):
    """An insert that remembers its fate."""

    def __init__(self, id: str) -> None:
        super().__init__(id, InsertOne({"_id": id}))
        self.fates: list[bool | Exception] = []

    def told(self, fate: bool | Exception) -> None:
        self.fates.append(fate)


async def fates(server: Server, *ids: str) -> list[list[str]]:
    writes, told = Writes(cast("Documents", server)), [Told(id) for id in ids]
    await asyncio.gather(*map(writes.make, told), return_exceptions=True)
    return [[type(fate).__name__ if isinstance(fate, Exception) else str(fate) for fate in each.fates] for each in told]


async def test_a_write_that_cannot_be_sent_fails_alone() -> None:
    server = Server()

    # "a" was made with the bulk's first part: its insert is then a duplicate, and its caller looks again
    assert await fates(server, "a", "large", "b") == [["False"], ["ValueError"], ["True"]]
    assert server.ids == {"a", "b"}


async def test_a_duplicate_is_told_by_its_place() -> None:
    server = Server()

    assert await fates(server, "a", "b", "a", "c") == [["True"], ["True"], ["False"], ["True"]]


async def test_what_is_not_durable_is_made_for_nobody() -> None:
    assert await fates(Server(durable=False), "a", "b") == [["StoreAway"], ["StoreAway"]]
