"""The open file of the embedded bus: a connection for reading, grouped commits for writing, and the right to
receive."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from shared.adapters.sqlite import bus_tables as sql
from shared.adapters.sqlite.bus_upgrade import complete, convert, tidy
from shared.adapters.sqlite.commits import SWITCH_INTERVAL, GroupedCommits
from shared.adapters.sqlite.server_lock import claimed
from shared.faults import BusAway, Misconfigured, StoreAway

T = TypeVar("T")

_READ_PATIENCE = 0.2  # seconds: a reader waits only while the file is being recovered


class BusFile:
    """Reads go to `reading` on the loop (short, indexed), writes through `write`. closed: `close` was called."""

    def __init__(self, path: Path) -> None:
        """Nothing is open yet."""
        self.closed = False
        self.reading: sqlite3.Connection
        self._path = path
        self._commits = GroupedCommits(path)
        self._claim: contextlib.ExitStack | None = None
        self._claiming = asyncio.Lock()

    async def open(self) -> None:
        """Create the tables that are missing, or convert a file of the former schema. Raises BusAway."""
        sys.setswitchinterval(SWITCH_INTERVAL)  # else a busy loop starves the commits
        async with contextlib.AsyncExitStack() as undo:
            try:
                await self._commits.open(self._prepare)
                undo.push_async_callback(self._commits.close)
                self.reading = sqlite3.connect(self._path, isolation_level=None, timeout=_READ_PATIENCE)
            except (StoreAway, OSError, sqlite3.Error) as error:
                raise BusAway(f"the bus's file: {error}") from error
            undo.pop_all()
        tidy(self._path)

    async def write(
        self,
        work: Callable[[sqlite3.Connection], T],
        committed: Callable[[T], None] | None = None,
        *,
        atomic: bool = False,
        synced: bool = True,
    ) -> T:
        """Run `work` in the next commit and return its result once it is on the disk. What `work` raises passes
        through, and nothing of it is written. committed: called with the result as soon as it is durable, also when the
        caller no longer waits; atomic: `work` raises before its first write or not at all; synced: False if it may
        be lost with the machine's power. Raises BusAway."""
        try:
            return await self._commits.run(work, committed, atomic=atomic, synced=synced)
        except (StoreAway, sqlite3.Error) as error:
            raise BusAway(f"the bus's file: {error}") from error

    async def claim(self, first: Callable[[sqlite3.Connection], None]) -> None:
        """Become the process that receives from this file, until `close` or the process's end; `first` is then written.
        Does nothing when that was done before. Raises BusAway, also while another process receives."""
        async with self._claiming:
            if self._claim is not None:
                return
            if self.closed:
                raise BusAway("the bus is closed")
            with contextlib.ExitStack() as claim:
                try:
                    claim.enter_context(claimed(self._path))
                except Misconfigured as fault:
                    raise BusAway(f"only one process may receive: {fault.detail}") from fault
                except OSError as error:
                    raise BusAway(f"the lock beside the bus's file: {error}") from error
                await self.write(first)
                self._claim = claim.pop_all()

    async def close(self, last: Callable[[sqlite3.Connection], None] | None = None) -> None:
        """Finish the writes under way and release the file. last: written before, if this process receives and the file
        can be written."""
        self.closed = True
        async with self._claiming:
            pass  # a claim under way gets its answer first
        if last is not None and self._claim is not None:
            with contextlib.suppress(BusAway):
                await self.write(last)
        await self._commits.close()
        self.reading.close()
        if self._claim is not None:
            self._claim.close()

    def _prepare(self, db: sqlite3.Connection) -> None:
        (schema,) = db.execute("PRAGMA user_version").fetchone()
        if schema == 1:
            convert(db, self._path)
        elif schema not in (0, sql.SCHEMA):
            raise sqlite3.DatabaseError(f"written by another release: schema {schema}, this one knows {sql.SCHEMA}")
        for statement in sql.DDL:
            db.execute(statement)
        complete(db)
        db.execute(f"PRAGMA user_version = {sql.SCHEMA}")


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Raises every SQLite error of the block as BusAway."""
    try:
        yield
    except sqlite3.Error as error:
        raise BusAway(f"the bus's file: {error}") from error
