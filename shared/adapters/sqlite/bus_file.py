"""The file of the embedded bus, opened: a connection for reading, grouped commits for writing, and who we are to
others."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from shared.adapters.sqlite import bus_tables as sql
from shared.adapters.sqlite.bus_owner import Owner
from shared.adapters.sqlite.commits import SWITCH_INTERVAL, GroupedCommits
from shared.faults import BusAway, StoreAway

T = TypeVar("T")

_READ_PATIENCE = 0.2  # seconds: only a file that is just being recovered makes a reader wait


class BusFile:
    """Reads go to `reading` on the loop (short, indexed), writes through `write`."""

    def __init__(self, path: Path) -> None:
        """Nothing is open yet."""
        self._commits = GroupedCommits(path)
        self._path = path
        self.owner: Owner
        self.reading: sqlite3.Connection

    async def open(self) -> None:
        """Make what is missing and say that we are here. Raises BusAway."""
        sys.setswitchinterval(SWITCH_INTERVAL)  # else a busy loop starves the commits
        async with contextlib.AsyncExitStack() as undo:
            try:
                await self._commits.open(_prepare)
                undo.push_async_callback(self._commits.close)
                self.owner = Owner(self._path)
                undo.callback(self.owner.leave)
                self.reading = sqlite3.connect(self._path, isolation_level=None, timeout=_READ_PATIENCE)
                undo.callback(self.reading.close)
            except (StoreAway, OSError, sqlite3.Error) as error:
                raise BusAway(f"the bus's file: {error}") from error
            await self.write(lambda db: db.execute("INSERT INTO owner VALUES (?)", (self.owner.id,)))
            undo.pop_all()

    async def write(self, work: Callable[[sqlite3.Connection], T], committed: Callable[[T], None] | None = None) -> T:
        """Run `work` in the next commit and return what it gave once it is on the disk. What it raises passes through,
        and nothing of it is written. committed: called with the result as soon as it is durable, also when the caller
        no longer waits. Raises BusAway."""
        try:
            return await self._commits.run(work, committed)
        except (StoreAway, sqlite3.Error) as error:
            raise BusAway(f"the bus's file: {error}") from error

    async def close(self) -> None:
        """Finish the writes under way, take leave and let go."""
        with contextlib.suppress(BusAway):
            await self.write(lambda db: db.execute("DELETE FROM owner WHERE id = ?", (self.owner.id,)))
        self.reading.close()
        await self._commits.close()
        self.owner.leave()

    async def vanish(self) -> None:
        """Let go as a killed process does. For tests."""
        self.reading.close()
        await self._commits.close()
        self.owner.vanish()


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Whatever SQLite says in here means that the bus is away."""
    try:
        yield
    except sqlite3.Error as error:
        raise BusAway(f"the bus's file: {error}") from error


def _prepare(db: sqlite3.Connection) -> None:
    (schema,) = db.execute("PRAGMA user_version").fetchone()
    if schema not in (0, sql.SCHEMA):
        raise sqlite3.DatabaseError(f"written by another release: schema {schema}, this one knows {sql.SCHEMA}")
    for statement in sql.DDL:
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {sql.SCHEMA}")
