"""The store of a service in one MongoDB database (standalone, replica set or sharded), a collection for each kind.

It uses no transactions, no change streams and no aggregation but in an update of many documents (`together.py`): every
document is written for itself, also by a statement that writes many, acknowledged by the majority and journalled.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ReplaceOne
from typing_extensions import override

from shared.adapters.claims import Claims
from shared.adapters.cursor import decode_cursor, encode_cursor
from shared.adapters.kinds import DeclaredKinds, full_sort, path_checked, query_checked
from shared.adapters.mongo import changes, outbox
from shared.adapters.mongo.collection import Collection
from shared.adapters.mongo.driver import WHOLE_SECONDS, Database, DriverName, MongoConnection, Row
from shared.adapters.mongo.encoding import document, event_of, field, row_of, stored_form
from shared.adapters.mongo.errors import answered, is_unreachable
from shared.adapters.mongo.keyed_lock import KeyedLock
from shared.adapters.mongo.owing import HandOver
from shared.adapters.mongo.query import behind, conditions, only_ids, order, projection
from shared.adapters.mongo.states import state_of
from shared.adapters.newer import number_of, put_by_change
from shared.adapters.stored_form import lifted, value_at
from shared.clock import machine_ms
from shared.faults import StoreAway
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import (
    AUDIT,
    ID,
    Change,
    Decide,
    Document,
    Kind,
    Owed,
    OwedEvent,
    Page,
    ScanRow,
    Sort,
    State,
    Store,
    Where,
)

_BATCH = 200  # documents that a stream reads at once, so that a slow reader keeps no server cursor open
_AT_ONCE = 100  # changes of one call in flight
_DOCUMENT: Row = {"schema": 1, "sequence": 1, "state": 1}


class MongoStore(Store):
    """See `shared.ports.store.Store`. url: with the database in its path."""

    def __init__(self, url: str, *, driver: DriverName = "motor") -> None:
        self._connection = MongoConnection(url, driver)
        self._database: Database | None = None
        self._kinds = DeclaredKinds()
        self._locks = KeyedLock()
        self._nudges: list[Callable[[], None]] = []
        self._claims = Claims()
        self._hand_over = HandOver(self._claims)
        self._collections: dict[str, Collection] = {}
        self._operations = 0
        self._unreachable = 0.0  # when no server was found, seconds of the loop's clock
        self._idle = asyncio.Event()

    @override
    async def open(self, kinds: Sequence[Kind]) -> None:
        self._kinds = DeclaredKinds(kinds)
        self._database = database = self._connection.open()
        self._collections = {kind.name: Collection(database, kind) for kind in self._kinds}
        try:
            async with self._operation(within=None) as database:  # building an index may take long
                for kind in self._kinds:
                    await database[kind.name].create_index([("outbox_since", 1)], sparse=True)
                    for index in kind.indexes:
                        keys = [*((field(path), 1) for path in index.fields), ("_id", 1)]
                        await database[kind.name].create_index(keys)
                await outbox.release_ended_owners(database, self._kinds)
        except BaseException:
            await self.close()
            raise

    @override
    async def close(self) -> None:
        self._database = None
        while self._operations:
            self._idle.clear()
            await self._idle.wait()
        for collection in self._collections.values():
            await collection.finish()
        await self._connection.close()

    @override
    async def ping(self) -> None:
        """Write, and return when that is acknowledged: with a full disk, reads still work."""
        async with self._operation() as database:
            await database["_pinged"].update_one({"_id": "ping"}, {"$set": {"at": machine_ms()}}, upsert=True)

    @override
    async def get(self, kind: str, id: str) -> Document | None:
        declared = self._kinds.of(kind)
        async with self._operation():
            row = await self._collections[kind].reads.load(id)
        return None if row is None else document(declared, row)

    @override
    async def change(self, kind: str, id: str, decide: Decide, *, expected: int | None = None) -> Document:
        self._kinds.of(kind)
        async with self._alone(kind, id):
            changed = await changes.change(self._collections[kind], self._hand_over, id, decide, expected)
        if changed.document.changed:
            reach(Failpoint.CHANGE_COMMITTED, f"{kind}/{id}")
        self._nudge(owes=changed.nudges)
        return changed.document

    @override
    async def change_many(self, changes: Sequence[Change]) -> list[Document | Exception]:
        limit = asyncio.Semaphore(_AT_ONCE)

        async def one(each: Change) -> Document | Exception:
            async with limit:
                try:
                    return await self.change(each.kind, each.id, each.decide, expected=each.expected)
                except Exception as error:  # noqa: BLE001 - it is this change's fate, and the caller's to judge
                    return error

        return list(await asyncio.gather(*map(one, changes)))

    @override
    async def put_newer(self, kind: str, id: str, state: State, by: str) -> Document:
        declared, number = self._kinds.of(kind), number_of(state, path_checked(by))
        if declared.audit is not None:
            return await put_by_change(self, kind, id, state, by)
        async with self._operation():
            put = await changes.put(self._collections[kind], id, state, {field(by): {"$lt": number}})
        if put is None:
            return await put_by_change(self, kind, id, state, by)
        reach(Failpoint.CHANGE_COMMITTED, f"{kind}/{id}")
        return put

    @override
    async def find(
        self, kind: str, where: Where, *, sort: Sort = (), limit: int = 50, after: str | None = None
    ) -> Page:
        declared = self._kinds.of(kind)
        query_checked(declared, where, sort)
        if not sort and after is None and (ids := only_ids(where, limit)) is not None:
            async with self._operation():
                rows = await self._collections[kind].reads.load_all(ids)
            return Page([document(declared, row) for row in rows], None)
        keys = full_sort(sort)
        filters = conditions(where)
        if after is not None:
            filters |= behind(keys, decode_cursor(keys, after))
        async with self._operation() as database:
            found = database[kind].find(filters, _DOCUMENT).sort(order(keys)).limit(limit + 1)
            rows = await found.to_list(limit + 1)
        documents = [document(declared, row) for row in rows[:limit]]
        if len(rows) <= limit:
            return Page(documents, None)
        last, stored = rows[limit - 1], state_of(rows[limit - 1]["state"])
        values = [last["_id"] if path == ID else value_at(stored, path) for path, _ in keys]
        return Page(documents, encode_cursor(keys, values))

    @override
    async def scan(self, kind: str, where: Where, fields: Sequence[str]) -> AsyncIterator[ScanRow]:
        declared = self._kinds.of(kind)
        query_checked(declared, where)
        slim: Row = {"schema": 1, "sequence": 1} | projection([path_checked(path) for path in fields])
        async for row in self._stream(kind, conditions(where), slim):
            if row["schema"] == declared.schema:
                state = state_of(row.get("state", {}))
            else:  # of another schema: the paths apply to the upcast state
                async with self._operation() as database:
                    whole = await database[kind].find_one({"_id": row["_id"]}, _DOCUMENT)
                if whole is None:
                    continue
                state = lifted(declared, row["_id"], whole["schema"], state_of(whole["state"]))
            yield ScanRow(row["_id"], row["sequence"], ((path, value_at(state, path)) for path in fields))

    @override
    async def claim_owed(self, limit: int, lease: timedelta, *, of: str | None = None) -> list[Owed]:
        unanswered = frozenset(self._claims.unanswered)
        async with self._operation() as database:
            await outbox.release_tokens(database, self._kinds, unanswered)
            self._claims.unanswered -= unanswered
            with self._claims.new() as token:
                kinds = self._hand_over.looked_at(self._collections)
                owed = await outbox.claim({kind: self._collections[kind] for kind in kinds}, limit, lease, token, of)
        self._hand_over.saw(each.kind for each in owed)
        return owed

    @override
    async def settle(self, owed: Owed, event_ids: Sequence[str]) -> None:
        await self.settle_many([(owed, event_ids)])

    @override
    async def settle_many(
        self, settled: Sequence[tuple[Owed, Sequence[str]]], *, keeping: Mapping[str, State] | None = None
    ) -> None:
        if keeping is not None:
            await self.keep(AUDIT, keeping)
            for id in keeping:
                reach(Failpoint.AUDIT_FILED, id)
        by_kind: dict[str, list[tuple[Owed, Sequence[str]]]] = {}
        for owed, event_ids in settled:
            by_kind.setdefault(owed.kind, []).append((owed, event_ids))
        async with self._operation():
            some = [outbox.settle_many(self._collections[kind], each) for kind, each in by_kind.items()]
            left = await asyncio.gather(*some)
        self._nudge(owes=any(left))

    @override
    async def keep(self, kind: str, states: Mapping[str, State]) -> None:
        self._kinds.of(kind)
        async with self._operation():
            await changes.keep(self._collections[kind], states)

    @override
    async def oldest_owed(self, *, of: str | None = None) -> datetime | None:
        async with self._operation() as database:
            since = await outbox.oldest(database, self._kinds, of)
        return None if since is None else datetime.fromtimestamp(since / 1000, UTC)

    @override
    async def owed_depth(self) -> int:
        async with self._operation() as database:
            return await outbox.depth(database, self._kinds)

    @override
    def on_owed(self, nudge: Callable[[], None]) -> None:
        self._nudges.append(nudge)

    @override
    def hand_over(self, to: Callable[[Owed], None] | None, lease: timedelta) -> bool:
        self._hand_over.to(to, lease)
        return True

    @override
    async def owe_again(self, kind: str, id: str, *, anew: bool = False) -> bool:
        declared = self._kinds.of(kind)
        async with self._alone(kind, id) as database:
            owes = await changes.owe_again(database, declared, id, anew=anew)
        self._hand_over.saw([kind])
        self._nudge(owes=owes)
        return owes

    @override
    async def last_event(self, kind: str, id: str) -> OwedEvent | None:
        self._kinds.of(kind)
        async with self._operation() as database:
            row = await database[kind].find_one({"_id": id}, {"last_event": 1})
        return event_of(row["last_event"]) if row and row.get("last_event") else None

    @override
    async def dump(self, kind: str) -> AsyncIterator[State]:
        self._kinds.of(kind)
        async for row in self._stream(kind, {}, None):
            yield stored_form(row)

    @override
    async def load(self, kind: str, documents: Sequence[State]) -> None:
        self._kinds.of(kind)
        for start in range(0, len(documents), _BATCH):
            rows = [row_of(stored) for stored in documents[start : start + _BATCH]]
            async with self._operation() as database:
                await database[kind].bulk_write([ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in rows])
            self._hand_over.saw([kind])
            self._nudge(owes=any("outbox_since" in row for row in rows))

    @override
    async def erase(self, kind: str, id: str) -> None:
        self._kinds.of(kind)
        async with self._operation() as database:
            await database[kind].delete_one({"_id": id})

    async def _stream(self, kind: str, filters: Row, slim: Row | None) -> AsyncIterator[dict[str, Any]]:
        where = filters
        while True:
            async with self._operation() as database:
                found = database[kind].find(where, slim).sort("_id", 1).limit(_BATCH)
                rows = await found.to_list(_BATCH)
            for row in rows:
                yield row
            if len(rows) < _BATCH:
                return
            behind_last: Row = {"_id": {"$gt": rows[-1]["_id"]}}
            where = {"$and": [filters, behind_last]} if "_id" in filters else {**filters, **behind_last}

    def _nudge(self, *, owes: bool) -> None:
        if owes:
            for nudge in self._nudges:
                nudge()

    @contextlib.asynccontextmanager
    async def _alone(self, kind: str, id: str) -> AsyncIterator[Database]:
        """The only operation of this process that changes the document. If it has waited for one that found no server,
        it raises StoreAway without another search."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with self._operation() as database, self._locks.locked((kind, id)):
            if self._unreachable > began:
                raise StoreAway("no MongoDB server was found")
            yield database

    @contextlib.asynccontextmanager
    async def _operation(self, within: float | None = WHOLE_SECONDS) -> AsyncIterator[Database]:
        """An operation that `close` waits for. Raises StoreAway after `within` seconds."""
        if self._database is None:
            raise StoreAway("the store is closed")
        self._operations += 1
        try:
            async with answered(within):
                yield self._database
        except StoreAway as away:
            if is_unreachable(away):
                self._unreachable = asyncio.get_running_loop().time()
            raise
        finally:
            self._operations -= 1
            if not self._operations:
                self._idle.set()
