"""The store of a service in one SQLite file: WAL, grouped commits; all but claims and settlements wait for the disk.

Meant for one busy server process per file, on a local file system; a second process may write occasionally. `change`
runs `decide` inside the write transaction, so it runs once.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from typing_extensions import override

from shared.adapters.audit_entry import author_of
from shared.adapters.claims import Claims
from shared.adapters.cursor import decode_cursor, encode_cursor
from shared.adapters.kinds import DeclaredKinds, full_sort, path_checked, query_checked
from shared.adapters.newer import number_of, put_by_change
from shared.adapters.sqlite import archive, outbox
from shared.adapters.sqlite.changes import Changed, change, document, last_event, loaded, owe_again
from shared.adapters.sqlite.commits import GroupedCommits, tried
from shared.adapters.sqlite.hand_over import HandOver
from shared.adapters.sqlite.keeping import keep
from shared.adapters.sqlite.newer import put_newer
from shared.adapters.sqlite.outbox import NewLease
from shared.adapters.sqlite.query import behind, conditions, order
from shared.adapters.sqlite.tables import json_path, prepare, table
from shared.adapters.stored_form import lifted, plain, value_at
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

_TOGETHER = 32  # changes in one piece of work of a group, which is not interrupted
_READER_KIB = 512  # of pages that the reading connection keeps in memory; the system keeps all that fit
_BATCH = 200  # documents that a stream reads at once; between two batches other coroutines run


class SqliteStore(Store):
    """See `shared.ports.store.Store`. path: the file; its folder is created."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kinds = DeclaredKinds()
        self._commits = GroupedCommits(path)
        self._reader: sqlite3.Connection | None = None
        self._nudges: list[Callable[[], None]] = []
        self._claims = Claims()
        self._hand_over: HandOver | None = None

    @override
    async def open(self, kinds: Sequence[Kind]) -> None:
        self._kinds = DeclaredKinds(kinds)
        await self._commits.open(lambda connection: prepare(connection, self._kinds))
        try:
            self._reader = sqlite3.connect(self._path, timeout=1.0, isolation_level=None, check_same_thread=False)
            self._reader.execute("PRAGMA query_only = ON")
            self._reader.execute(f"PRAGMA cache_size = -{_READER_KIB}")
        except sqlite3.Error as error:
            await self.close()
            raise StoreAway(f"{self._path.name}: {error}") from error

    @override
    async def close(self) -> None:
        await self._commits.close()
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    @override
    async def ping(self) -> None:
        """Write, and return when that is durable: with a full disk, reads still work."""
        await self._commits.run(
            lambda connection: connection.execute("INSERT OR REPLACE INTO pinged VALUES (1, ?)", (machine_ms(),))
        )

    @override
    async def get(self, kind: str, id: str) -> Document | None:
        declared = self._kinds.of(kind)
        with self._reading() as reader:
            return loaded(reader, declared, id)

    @override
    async def change(self, kind: str, id: str, decide: Decide, *, expected: int | None = None) -> Document:
        declared, hand_over = self._kinds.of(kind), self._hand_over
        lease = None if hand_over is None else hand_over.new_lease()
        author = author_of(declared)

        def work(connection: sqlite3.Connection) -> Changed:
            return change(connection, declared, id, decide, expected=expected, lease=lease, author=author)

        with self._unknown_leases([lease]):
            changed = await self._commits.run(work, lambda changed: self._tell([changed], hand_over), atomic=True)
        if changed.document.changed:
            reach(Failpoint.CHANGE_COMMITTED, f"{kind}/{id}")
        return changed.document

    @override
    async def change_many(self, changes: Sequence[Change]) -> list[Document | Exception]:
        parts = [changes[start : start + _TOGETHER] for start in range(0, len(changes), _TOGETHER)]
        return [each for done in await asyncio.gather(*map(self._together, parts)) for each in done]

    async def _together(self, changes: Sequence[Change]) -> list[Document | Exception]:
        hand_over = self._hand_over
        leases = [None if hand_over is None else hand_over.new_lease() for _ in changes]
        works = [
            partial(
                change,
                kind=self._kinds.of(each.kind),
                id=each.id,
                decide=each.decide,
                expected=each.expected,
                lease=lease,
                author=author_of(self._kinds.of(each.kind)),
            )
            for each, lease in zip(changes, leases, strict=True)
        ]

        def work(connection: sqlite3.Connection) -> list[Changed | Exception]:
            return [tried(connection, each) for each in works]

        def committed(done: list[Changed | Exception]) -> None:
            self._tell([each for each in done if isinstance(each, Changed)], hand_over)

        try:
            with self._unknown_leases(leases):
                done = await self._commits.run(work, committed, atomic=True)
        except StoreAway as away:
            return [away] * len(changes)
        for each in done:
            if isinstance(each, Changed) and each.document.changed:
                reach(Failpoint.CHANGE_COMMITTED, f"{each.document.kind}/{each.document.id}")
        return [each.document if isinstance(each, Changed) else each for each in done]

    @override
    async def put_newer(self, kind: str, id: str, state: State, by: str) -> Document:
        declared, state = self._kinds.of(kind), plain(state)
        number_of(state, path_checked(by))
        if declared.audit is not None:
            return await put_by_change(self, kind, id, state, by)

        def work(connection: sqlite3.Connection) -> Changed | None:
            return put_newer(connection, declared, id, state, by)

        put = await self._commits.run(work, atomic=True)
        if put is None:  # what is stored is as new, or of a former schema
            return await put_by_change(self, kind, id, state, by)
        reach(Failpoint.CHANGE_COMMITTED, f"{kind}/{id}")
        return put.document

    @override
    async def find(
        self, kind: str, where: Where, *, sort: Sort = (), limit: int = 50, after: str | None = None
    ) -> Page:
        declared = self._kinds.of(kind)
        query_checked(declared, where, sort)
        keys = full_sort(sort)
        condition, values = conditions(where)
        if after is not None:
            clause, more = behind(keys, decode_cursor(keys, after))
            condition, values = f"({condition}) AND ({clause})", [*values, *more]
        query = f"""SELECT id, schema, sequence, text FROM {table(declared)}
            WHERE {condition} ORDER BY {order(keys)} LIMIT ?"""  # noqa: S608 - checked names, bound values
        with self._reading() as reader:
            rows = reader.execute(query, (*values, limit + 1)).fetchall()
        documents = [document(declared, row) for row in rows[:limit]]
        if len(rows) <= limit:
            return Page(documents, None)
        stored = json.loads(rows[limit - 1][3])
        last = [rows[limit - 1][0] if path == ID else value_at(stored, path) for path, _ in keys]
        return Page(documents, encode_cursor(keys, last))

    @override
    async def scan(self, kind: str, where: Where, fields: Sequence[str]) -> AsyncIterator[ScanRow]:
        declared = self._kinds.of(kind)
        query_checked(declared, where)
        condition, values = conditions(where)
        query = f"""SELECT id, sequence, schema, CASE WHEN schema <> {declared.schema} THEN text END, {_picked(fields)}
            FROM {table(declared)} WHERE ({condition}) AND id > ? ORDER BY id LIMIT {_BATCH}"""  # noqa: S608 - as above
        after = ""
        while True:
            with self._reading() as reader:
                rows = reader.execute(query, (*values, after)).fetchall()
            for row in rows:
                yield _scan_row(declared, row, fields)
            if len(rows) < _BATCH:
                return
            after = rows[-1][0]
            await asyncio.sleep(0)

    @override
    async def claim_owed(self, limit: int, lease: timedelta, *, of: str | None = None) -> list[Owed]:
        unanswered = frozenset(self._claims.unanswered)
        with self._reading() as reader:
            if not unanswered and not outbox.claimable(reader, lease):
                return []

        def work(connection: sqlite3.Connection) -> list[Owed]:
            outbox.release_tokens(connection, unanswered)
            return outbox.claim(connection, limit, lease, token, of)

        with self._claims.new() as token:
            owed = await self._commits.run(work, atomic=True, synced=False)
        self._claims.unanswered -= unanswered
        return owed

    @override
    async def settle(self, owed: Owed, event_ids: Sequence[str]) -> None:
        await self.settle_many([(owed, event_ids)])

    @override
    async def settle_many(
        self, settled: Sequence[tuple[Owed, Sequence[str]]], *, keeping: Mapping[str, State] | None = None
    ) -> None:
        log = None if keeping is None else self._kinds.of(AUDIT)

        def work(connection: sqlite3.Connection) -> bool:
            if log is not None and keeping is not None:
                keep(connection, log, keeping)
                for id in keeping:
                    reach(Failpoint.AUDIT_FILED, id)
            return outbox.settle(connection, settled)

        await self._commits.run(
            work,
            lambda left: self._nudge(owes=left),
            atomic=True,
            synced=False,  # what it loses with the machine's power is published once more
        )

    @override
    async def keep(self, kind: str, states: Mapping[str, State]) -> None:
        declared = self._kinds.of(kind)
        await self._commits.run(
            lambda connection: keep(connection, declared, states),
            atomic=True,
            synced=False,  # what is written later is in the file behind it
        )

    @override
    async def oldest_owed(self, *, of: str | None = None) -> datetime | None:
        with self._reading() as reader:
            since = outbox.oldest(reader, of)
        return None if since is None else datetime.fromtimestamp(since / 1000, UTC)

    @override
    async def owed_depth(self) -> int:
        with self._reading() as reader:
            (depth,) = reader.execute("SELECT count(*) FROM owing WHERE since IS NOT NULL").fetchone()
        return int(depth)

    @override
    def on_owed(self, nudge: Callable[[], None]) -> None:
        self._nudges.append(nudge)

    @override
    def hand_over(self, to: Callable[[Owed], None] | None, lease: timedelta) -> bool:
        self._hand_over = None if to is None else HandOver(to, lease)
        return True

    @override
    async def owe_again(self, kind: str, id: str, *, anew: bool = False) -> bool:
        declared = self._kinds.of(kind)

        def work(connection: sqlite3.Connection) -> bool:
            return owe_again(connection, declared, id, anew=anew)

        return await self._commits.run(work, lambda owes: self._nudge(owes=owes))

    @override
    async def last_event(self, kind: str, id: str) -> OwedEvent | None:
        declared = self._kinds.of(kind)
        with self._reading() as reader:
            return last_event(reader, declared, id)

    @override
    async def dump(self, kind: str) -> AsyncIterator[State]:
        declared = self._kinds.of(kind)
        after = ""
        while True:
            with self._reading() as reader:
                documents = archive.dump(reader, declared, after, _BATCH)
            for stored in documents:
                yield stored
            if len(documents) < _BATCH:
                return
            after = documents[-1][ID]
            await asyncio.sleep(0)

    @override
    async def load(self, kind: str, documents: Sequence[State]) -> None:
        declared = self._kinds.of(kind)
        for start in range(0, len(documents), _BATCH):
            batch = list(documents[start : start + _BATCH])
            await self._commits.run(
                partial(archive.load, kind=declared, documents=batch), lambda _: self._nudge(owes=True)
            )

    @override
    async def erase(self, kind: str, id: str) -> None:
        declared = self._kinds.of(kind)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(f"DELETE FROM {table(declared)} WHERE id = ?", (id,))  # noqa: S608 - a checked name
            outbox.forget(connection, kind, id)

        await self._commits.run(work)

    def _tell(self, changes: Sequence[Changed], hand_over: HandOver | None) -> None:
        """Hand over what was leased with its write; else nudge those who wait for owed events."""
        if hand_over is not None:
            for each in changes:
                if each.leased is not None:
                    hand_over.to(each.leased)
        else:
            self._nudge(owes=any(each.owes for each in changes))

    @contextlib.contextmanager
    def _unknown_leases(self, leases: Sequence[NewLease | None]) -> Iterator[None]:
        """A write that failed may have been applied, and its leases taken: the next claim releases them."""
        try:
            yield
        except StoreAway:
            self._claims.unanswered.update(lease.token for lease in leases if lease is not None)
            raise

    def _nudge(self, *, owes: bool) -> None:
        if owes:
            for nudge in self._nudges:
                nudge()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        if self._reader is None:
            raise StoreAway(f"{self._path.name} is closed")
        try:
            yield self._reader
        except sqlite3.OperationalError as error:
            raise StoreAway(f"{self._path.name}: {error}") from error
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:
                raise
            raise StoreAway(f"{self._path.name}: {error}") from error


def _picked(fields: Sequence[str]) -> str:
    """The SQL expression for the fields as one JSON array, so that the state is parsed once for all of them."""
    paths = [f"'{json_path(path_checked(path))}'" for path in fields]
    if len(paths) == 1:
        return f"json_array(text -> {paths[0]})"
    return f"json_extract(text, {', '.join(paths)})" if paths else "'[]'"


def _scan_row(kind: Kind, row: tuple[Any, ...], fields: Sequence[str]) -> ScanRow:
    id, sequence, schema, text, picked = row
    if text is not None:  # of an older schema: the paths apply to the upcast state
        state = lifted(kind, id, schema, json.loads(text))
        return ScanRow(id, sequence, ((path, value_at(state, path)) for path in fields))
    return ScanRow(id, sequence, zip(fields, json.loads(picked), strict=True))
