"""Groups the writes of many coroutines into one commit.

Writes that arrive during a commit form the next group. A write that may fail halfway has a savepoint, so that its
failure undoes nothing else. Statements run on the event loop and only COMMIT, which waits for the disk, runs in a
thread: if all statements ran there, a busy loop would starve the thread of the interpreter lock (which is why a process
sets `SWITCH_INTERVAL` at its start). A group that may be lost with the machine's power does not wait for the disk, and
is committed on the loop as well: some 20 µs.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from shared.adapters.sqlite.worker_thread import WorkerThread
from shared.clock import machine_seconds
from shared.faults import StoreAway

SWITCH_INTERVAL = 0.0001  # seconds, for sys.setswitchinterval at the start of a process; see above
LOCK_SECONDS = 10.0  # to wait for another process's write
GROUP_SECONDS = 0.005  # the longest that one group blocks the loop
GAP_EVERY, GAP = 0.05, 0.003  # seconds: how often, and how long, the file is left free for other processes
CACHE_KIB = 2_048  # of pages that the connection keeps in memory; more saves nothing, the system keeps them too
CHECKPOINT_PAGES = 4_000  # of the write-ahead log (16 MiB), after which a commit moves them into the file
UNSYNCED = 100  # groups after each other that do not wait for the disk; the log is moved by those only that do
RETRY = 0.001  # seconds between two attempts to lock the file
STATEMENTS = 512  # that the connection keeps prepared

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


@dataclass(slots=True, eq=False)
class _Job:
    """A piece of work; result or error once it has run."""

    work: Work[Any]
    committed: Callable[[Any], None] | None
    atomic: bool
    synced: bool
    future: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None

    def run(self, connection: sqlite3.Connection) -> None:
        """Raises what is an error of the engine."""
        result = (tried if self.atomic else attempted)(connection, self.work)
        if isinstance(result, Exception):
            self.error = result
        else:
            self.result = result

    def deliver(self) -> None:
        if self.error is None and self.committed is not None:
            self.committed(self.result)
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


def attempted(connection: sqlite3.Connection, work: Work[T]) -> T | Exception:
    """The result of `work`, or its error; then its changes are undone, and no others. Raises what is an error of the
    engine."""
    connection.execute("SAVEPOINT one")
    try:
        result = work(connection)
    except Exception as error:
        if isinstance(error, sqlite3.Error) and not _is_own_mistake(error):
            raise
        connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")
        return error
    connection.execute("RELEASE one")
    return result


def tried(connection: sqlite3.Connection, work: Work[T]) -> T | Exception:
    """As `attempted`, for work that raises before its first write or not at all: without a savepoint, for which SQLite
    copies every page before it is changed. If such work has written before it raises, that is an error of the
    engine."""
    before = connection.total_changes
    try:
        return work(connection)
    except Exception as error:
        if isinstance(error, sqlite3.Error) and not _is_own_mistake(error):
            raise
        if connection.total_changes != before:
            raise sqlite3.OperationalError(f"{type(error).__name__} after a write") from error
        return error


class GroupedCommits:
    """The only writing connection of this process to one SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: deque[_Job] = deque()
        self._wanted = asyncio.Event()
        self._closing = True
        self._synced = True  # whether a commit of the connection waits for the disk
        self._unsynced = 0  # groups since one that did
        self._connection: sqlite3.Connection | None = None
        self._thread = WorkerThread(f"commit-{path.name}")
        self._pump: asyncio.Task[None] | None = None

    async def open(self, prepare: Work[None]) -> None:
        """Open the file and run `prepare` (tables, indexes) in one transaction. Raises StoreAway."""
        try:
            self._connection = await self._thread.run(partial(self._prepared, prepare))
        except (sqlite3.Error, OSError) as error:
            self._thread.stop()
            raise StoreAway(f"{self._path.name}: {error}") from error
        self._closing = False
        self._wanted = asyncio.Event()
        self._pump = asyncio.create_task(self._run(), name=f"commits {self._path.name}")

    async def close(self) -> None:
        """Commit the waiting writes, then disconnect."""
        self._closing = True
        self._wanted.set()
        if self._pump is not None:
            await self._pump
            self._pump = None
        if self._connection is not None:
            await self._thread.run(self._disconnect)
        self._thread.stop()

    async def run(
        self,
        work: Work[T],
        committed: Callable[[T], None] | None = None,
        *,
        atomic: bool = False,
        synced: bool = True,
    ) -> T:
        """Run `work` inside a write transaction and return its result once it is durable.

        If `work` raises, its changes are undone and the error passes through. `committed` is called with the result
        once it is durable, even if the caller has been cancelled. atomic: `work` raises before its first write or not
        at all. synced: False if it may be lost when the machine loses its power, though not when the process ends: for
        what is then done again without harm. A group of nothing else does not wait for the disk. Raises StoreAway.
        """
        if self._closing:
            raise StoreAway(f"{self._path.name} is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Job(work, committed, atomic, synced, future))
        self._wanted.set()
        return await future

    async def _run(self) -> None:
        busy_since = machine_seconds()
        while True:
            if not self._waiting:
                if self._closing:
                    return
                self._wanted.clear()
                await self._wanted.wait()
                busy_since = machine_seconds()
            elif machine_seconds() - busy_since > GAP_EVERY:
                await asyncio.sleep(GAP)
                busy_since = machine_seconds()
            else:
                await asyncio.sleep(0)  # lets the callers of the last group ask for their next writes
            await self._group()

    async def _group(self) -> None:
        jobs: list[_Job] = []
        try:
            synced = self._unsynced >= UNSYNCED or any(job.synced for job in self._waiting)
            self._unsynced = 0 if synced else self._unsynced + 1
            await self._begin(synced=synced)
            before = self._open_connection.total_changes
            self._run_jobs(jobs, synced=synced)
            if not synced or self._open_connection.total_changes == before:
                self._open_connection.execute("COMMIT")
            else:
                await self._thread.run(partial(self._open_connection.execute, "COMMIT"))
        except (sqlite3.Error, OSError) as error:
            self._fail(jobs or list(self._waiting), error)
            if not jobs:
                self._waiting.clear()
        else:
            for job in jobs:
                job.deliver()

    def _run_jobs(self, jobs: list[_Job], *, synced: bool) -> None:
        """Run what waits, and add it to `jobs`."""
        until = machine_seconds() + GROUP_SECONDS
        while self._waiting and (not jobs or machine_seconds() < until):
            if self._waiting[0].synced and not synced:
                return  # it came while the group began: for the next one
            job = self._waiting.popleft()
            if job.future.done():
                continue  # its caller was cancelled
            jobs.append(job)  # first, so that a failure of the engine reaches this job too
            job.run(self._open_connection)

    async def _begin(self, *, synced: bool) -> None:
        until = machine_seconds() + LOCK_SECONDS
        while True:
            if self._connection is None:
                self._connection, self._synced = self._connected(), True
            self._sync(self._connection, synced=synced)
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or machine_seconds() > until:
                    raise
            else:
                return
            await asyncio.sleep(RETRY)

    def _sync(self, connection: sqlite3.Connection, *, synced: bool) -> None:
        """Let the next commit wait for the disk, or not; then it must not move the log into the file either."""
        if synced is not self._synced:
            connection.execute(f"PRAGMA synchronous = {'FULL' if synced else 'NORMAL'}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES if synced else 0}")
            self._synced = synced

    def _fail(self, jobs: list[_Job], error: Exception) -> None:
        """Fail all jobs of an uncommitted group, and drop the connection: its view of the file may be wrong."""
        self._disconnect()
        for job in jobs:
            job.error = StoreAway(f"{self._path.name}: {error}")
            job.deliver()

    @property
    def _open_connection(self) -> sqlite3.Connection:
        if self._connection is None:
            raise sqlite3.OperationalError("no connection")
        return self._connection

    def _prepared(self, prepare: Work[None]) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch(mode=0o600)  # SQLite would make it readable for all; -wal and -shm get the same mode
        connection = self._connected(wait=LOCK_SECONDS)
        try:
            connection.execute("BEGIN IMMEDIATE")
            prepare(connection)
            connection.execute("COMMIT")
            connection.execute(
                "PRAGMA busy_timeout = 0"
            )  # from here on the loop retries; the connection must not block it
        except BaseException:
            connection.close()
            raise
        return connection

    def _connected(self, *, wait: float = 0.0) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=wait, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            connection.execute("PRAGMA temp_store = MEMORY")  # what savepoints copy would go to a file
            connection.execute("PRAGMA secure_delete = ON")  # data erased by law must leave no bytes in free pages
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()  # rolls back an open transaction
            self._connection = None


def _is_busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _is_own_mistake(error: sqlite3.Error) -> bool:
    return isinstance(
        error, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.DataError | sqlite3.InterfaceError
    )
