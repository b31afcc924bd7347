"""Writes of many coroutines, grouped into one commit.

What waits while one commit runs makes up the next group; each piece of work has a savepoint of its own, so that one
that fails takes nothing with it. Statements run on the loop and only COMMIT, which waits for the disk, in a thread:
with all statements in a thread a busy loop starves it of the interpreter (the process sets `SWITCH_INTERVAL` at its
start).
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from shared.clock import machine_seconds
from shared.faults import StoreAway

SWITCH_INTERVAL = 0.0001  # seconds, for sys.setswitchinterval at the start of a process: see above
PATIENCE = 10.0  # seconds to wait for another process's write
GROUP_SECONDS = 0.005  # the longest that one group keeps the loop to itself
GAP_EVERY, GAP = 0.05, 0.003  # seconds: so often, and so long, another process finds the file free
RETRY = 0.001  # seconds between two looks whether the file is free

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


@dataclass(frozen=True)
class _Job:
    work: Work[Any]
    committed: Callable[[Any], None] | None
    answer: asyncio.Future[Any]


@dataclass(frozen=True)
class _Outcome:
    job: _Job
    result: Any
    error: Exception | None

    def tell(self) -> None:
        if self.error is None and self.job.committed is not None:
            self.job.committed(self.result)
        if self.job.answer.done():
            return
        if self.error is None:
            self.job.answer.set_result(self.result)
        else:
            self.job.answer.set_exception(self.error)


class GroupedCommits:
    """The one writing connection of a process to one SQLite file."""

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        self._path = path
        self._patience = patience
        self._waiting: deque[_Job] = deque()
        self._wanted = asyncio.Event()
        self._closing = True
        self._connection: sqlite3.Connection | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._pump: asyncio.Task[None] | None = None

    async def open(self, prepare: Work[None]) -> None:
        """Open the file and run `prepare` (tables, indexes) in one transaction. Raises StoreAway."""
        thread = ThreadPoolExecutor(1, thread_name_prefix=f"commit-{self._path.name}")
        try:
            self._connection = await asyncio.get_running_loop().run_in_executor(thread, self._prepared, prepare)
        except (sqlite3.Error, OSError) as error:
            thread.shutdown(wait=False)
            raise StoreAway(f"{self._path.name}: {error}") from error
        self._thread = thread
        self._closing = False
        self._wanted = asyncio.Event()
        self._pump = asyncio.create_task(self._run(), name=f"commits {self._path.name}")

    async def close(self) -> None:
        """Commit what waits, then let go."""
        self._closing = True
        self._wanted.set()
        if self._pump is not None:
            await self._pump
            self._pump = None
        if self._thread is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
            self._thread.shutdown(wait=False)
            self._thread = None

    async def run(self, work: Work[T], committed: Callable[[T], None] | None = None) -> T:
        """Run `work` inside a write transaction and return its result once that is durable.

        What `work` raises passes through, and nothing of it is kept; `committed` is called with the result once it is
        durable, also when the caller no longer waits. Raises StoreAway.
        """
        if self._closing:
            raise StoreAway(f"{self._path.name} is closed")
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Job(work, committed, answer))
        self._wanted.set()
        return await answer

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
                await asyncio.sleep(0)  # whoever was told of the last commit asks for the next
            await self._group()

    async def _group(self) -> None:
        outcomes: list[_Outcome] = []
        try:
            await self._begin()
            before = self._open_connection.total_changes
            self._work_off(outcomes)
            if self._open_connection.total_changes == before:
                self._open_connection.execute("COMMIT")
            else:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._open_connection.execute, "COMMIT")
        except (sqlite3.Error, OSError) as error:
            self._give_up([outcome.job for outcome in outcomes] or list(self._waiting), error)
            if not outcomes:
                self._waiting.clear()
        else:
            for outcome in outcomes:
                outcome.tell()

    def _work_off(self, outcomes: list[_Outcome]) -> None:
        until = machine_seconds() + GROUP_SECONDS
        while self._waiting and (not outcomes or machine_seconds() < until):
            job = self._waiting.popleft()
            if job.answer.done():
                continue  # its caller was cancelled before it began
            outcomes.append(_Outcome(job, None, None))  # so that it is told when the engine fails right here
            outcomes[-1] = self._attempt(job)

    def _attempt(self, job: _Job) -> _Outcome:
        connection = self._open_connection
        connection.execute("SAVEPOINT one")
        try:
            result = job.work(connection)
        except Exception as error:
            if isinstance(error, sqlite3.Error) and not _own_fault(error):
                raise
            connection.execute("ROLLBACK TO one")
            connection.execute("RELEASE one")
            return _Outcome(job, None, error)
        connection.execute("RELEASE one")
        return _Outcome(job, result, None)

    async def _begin(self) -> None:
        until = machine_seconds() + self._patience
        while True:
            if self._connection is None:
                self._connection = self._connected()
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or machine_seconds() > until:
                    raise
            else:
                return
            await asyncio.sleep(RETRY)

    def _give_up(self, jobs: list[_Job], error: Exception) -> None:
        """Nothing of the group is kept. The connection is made anew: what it thinks of the file may be wrong."""
        self._disconnect()
        for job in jobs:
            _Outcome(job, None, StoreAway(f"{self._path.name}: {error}")).tell()

    @property
    def _open_connection(self) -> sqlite3.Connection:
        if self._connection is None:
            raise sqlite3.OperationalError("no connection")
        return self._connection

    def _prepared(self, prepare: Work[None]) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch(mode=0o600)  # before SQLite makes it for all to read; -wal and -shm follow its mode
        connection = self._connected(wait=self._patience)
        try:
            connection.execute("BEGIN IMMEDIATE")
            prepare(connection)
            connection.execute("COMMIT")
            connection.execute("PRAGMA busy_timeout = 0")  # from here on the loop waits, never the connection
        except BaseException:
            connection.close()
            raise
        return connection

    def _connected(self, *, wait: float = 0.0) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=wait, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")  # what is erased by law leaves no bytes in free pages
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()  # rolls back what is open
            self._connection = None


def _is_busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _own_fault(error: sqlite3.Error) -> bool:
    return isinstance(
        error, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.DataError | sqlite3.InterfaceError
    )
