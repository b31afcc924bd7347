"""Grouped commits: many writers, a busy loop, a locked file, a full disk."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from shared.adapters.sqlite.commits import SWITCH_INTERVAL, UNSYNCED, GroupedCommits
from shared.adapters.sqlite.store import SqliteStore
from shared.clock import machine_seconds
from shared.faults import Conflict, StoreAway
from tests.servers.need import missing
from tests.support.paths import ROOT
from tests.support.store_engines import KINDS
from tests.support.store_samples import claimed, counted, saved, saved_with_event

FULL = 2  # the level of `synchronous` at which a commit waits for the disk


def prepare(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS noted (what TEXT UNIQUE)")


def note(what: str) -> object:
    return lambda connection: connection.execute("INSERT INTO noted VALUES (?)", (what,)).rowcount


def noted(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [what for (what,) in connection.execute("SELECT what FROM noted ORDER BY what")]


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.glob("a.sqlite*")}


@pytest.fixture
async def commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[GroupedCommits]:
    monkeypatch.setattr("shared.adapters.sqlite.commits.LOCK_SECONDS", 0.3)
    commits = GroupedCommits(tmp_path / "a.sqlite")
    await commits.open(prepare)
    yield commits
    await commits.close()


@pytest.fixture
def quick_switch() -> Iterator[None]:
    """The switch interval that a process sets at its start."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    yield
    sys.setswitchinterval(before)


async def test_writes_that_arrive_during_a_commit_are_committed_together(
    commits: GroupedCommits, tmp_path: Path
) -> None:
    statements: list[str] = []
    assert commits._connection is not None
    commits._connection.set_trace_callback(statements.append)

    await asyncio.gather(*(commits.run(note(f"{n:03d}")) for n in range(100)))  # type: ignore[arg-type]

    assert noted(tmp_path / "a.sqlite") == [f"{n:03d}" for n in range(100)]
    assert 1 <= statements.count("COMMIT") < 20


async def test_a_failing_write_undoes_only_itself(commits: GroupedCommits, tmp_path: Path) -> None:
    def half_done(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO noted VALUES ('half')")
        raise Conflict("in the middle")

    answers = await asyncio.gather(
        commits.run(note("a")),  # type: ignore[arg-type]
        commits.run(half_done),
        commits.run(note("a")),  # type: ignore[arg-type]
        commits.run(note("b")),  # type: ignore[arg-type]
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [int, Conflict, sqlite3.IntegrityError, int]
    assert noted(tmp_path / "a.sqlite") == ["a", "b"]


async def test_an_atomic_write_has_no_savepoint_and_its_error_is_its_own(
    commits: GroupedCommits, tmp_path: Path
) -> None:
    def refused(_: sqlite3.Connection) -> None:
        raise Conflict("before the first write")

    statements: list[str] = []
    assert commits._connection is not None
    commits._connection.set_trace_callback(statements.append)
    answers = await asyncio.gather(
        commits.run(note("a"), atomic=True),  # type: ignore[arg-type]
        commits.run(refused, atomic=True),
        commits.run(note("a"), atomic=True),  # type: ignore[arg-type]
        commits.run(note("b"), atomic=True),  # type: ignore[arg-type]
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [int, Conflict, sqlite3.IntegrityError, int]
    assert noted(tmp_path / "a.sqlite") == ["a", "b"]
    assert not [each for each in statements if "SAVEPOINT" in each]


async def test_an_atomic_write_that_fails_after_all_leaves_nothing_of_its_group(
    commits: GroupedCommits, tmp_path: Path
) -> None:
    def half_done(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO noted VALUES ('half')")
        raise Conflict("in the middle")

    answers = await asyncio.gather(
        commits.run(note("a")),  # type: ignore[arg-type]
        commits.run(half_done, atomic=True),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [StoreAway, StoreAway]
    await commits.run(note("b"))  # type: ignore[arg-type]
    assert noted(tmp_path / "a.sqlite") == ["b"]


async def test_the_file_is_written_with_full_synchronisation(commits: GroupedCommits) -> None:
    def pragmas(connection: sqlite3.Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "secure_delete", "temp_store")
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await commits.run(pragmas) == ["wal", 2, 1, 2]  # FULL, and in memory


async def test_other_users_of_the_machine_cannot_read_the_file(commits: GroupedCommits, tmp_path: Path) -> None:
    await commits.run(note("phone number"))  # type: ignore[arg-type]
    assert modes(tmp_path) == {"a.sqlite": 0o600, "a.sqlite-shm": 0o600, "a.sqlite-wal": 0o600}


async def test_committed_is_called_only_after_the_commit(commits: GroupedCommits, tmp_path: Path) -> None:
    seen: list[list[str]] = []

    await commits.run(note("a"), lambda _: seen.append(noted(tmp_path / "a.sqlite")))  # type: ignore[arg-type]

    assert seen == [["a"]]


async def test_a_file_locked_for_too_long_raises_store_away_and_works_again(
    commits: GroupedCommits, tmp_path: Path
) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = [asyncio.create_task(commits.run(note(f"lost {n}"))) for n in range(3)]  # type: ignore[arg-type]
        ticks = 0
        while not all(task.done() for task in waiting):
            await asyncio.sleep(0.01)
            ticks += 1
        other.execute("ROLLBACK")

    assert ticks > 10  # the loop kept running while the file was locked
    for task in waiting:
        assert isinstance(task.exception(), StoreAway)
    await commits.run(note("after"))  # type: ignore[arg-type]
    assert noted(tmp_path / "a.sqlite") == ["after"]


async def test_a_briefly_locked_file_is_waited_for(commits: GroupedCommits, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(commits.run(note("a")))  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
        other.execute("COMMIT")
        await waiting

    assert noted(tmp_path / "a.sqlite") == ["a"]


@pytest.mark.usefixtures("quick_switch")
async def test_a_busy_loop_does_not_starve_the_commits(tmp_path: Path) -> None:
    """Changes go on while other coroutines compute on the loop. (With all statements in a thread and the interpreter's
    default switch interval, only 3 changes a second were left.)"""
    store = SqliteStore(tmp_path / "a.sqlite")
    await store.open(KINDS)
    until = machine_seconds() + 1.0
    done = 0

    async def compute() -> None:
        while machine_seconds() < until:
            sum(range(20_000))
            await asyncio.sleep(0)

    async def change(writer: int) -> None:
        nonlocal done
        while machine_seconds() < until:
            await store.change("thing", f"t{writer}", counted(owes=False))
            done += 1

    await asyncio.gather(compute(), compute(), *(change(writer) for writer in range(16)))
    await store.close()

    assert done > 300


@pytest.mark.usefixtures("quick_switch")
async def test_busy_threads_do_not_starve_the_commits(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.sqlite")
    await store.open(KINDS)
    over = threading.Event()

    def compute() -> None:
        while not over.is_set():
            sum(range(1000))

    thread = threading.Thread(target=compute)
    thread.start()
    until, done = machine_seconds() + 1.0, 0
    try:
        while machine_seconds() < until:
            await asyncio.gather(*(store.change("thing", f"t{n}", counted(owes=False)) for n in range(16)))
            done += 16
    finally:
        over.set()
        thread.join()
        await store.close()

    assert done > 300


async def test_a_full_disk_raises_store_away_until_there_is_room(tmp_path: Path) -> None:
    """SQLite reports a file at its page limit like a full disk: SQLITE_FULL."""
    store = SqliteStore(tmp_path / "a.sqlite")
    await store.open(KINDS)
    await store.change("thing", "a", saved_with_event({"n": 1}))
    connection = store._commits._connection
    assert connection is not None
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StoreAway, match="full"):
        await store.change("thing", "big", saved_with_event({"text": "x" * 100_000}))

    await store.change("thing", "big", saved_with_event({"text": "x" * 100_000}))  # a new connection has no page limit
    assert await store.get("thing", "a") is not None
    assert {owed.id for owed in await claimed(store)} == {"a", "big"}
    await store.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte, if this user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        missing("A file system of one megabyte", "run as root, where mounting a tmpfs is allowed")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def fill(store: SqliteStore, kept: dict[str, int]) -> None:
    """Change documents until the store raises, and record the acknowledged changes."""
    for n in range(1000):
        await store.change("thing", f"t{n}", saved_with_event({"n": n, "text": "x" * 5000}))
        kept[f"t{n}"] = n


def grow(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=True)


async def test_a_real_full_disk_loses_no_acknowledged_change(small_disk: Path) -> None:
    store = SqliteStore(small_disk / "a.sqlite")
    await store.open(KINDS)
    kept: dict[str, int] = {}

    with pytest.raises(StoreAway):
        await fill(store, kept)
    for id, n in kept.items():  # reads still work
        found = await store.get("thing", id)
        assert found is not None
        assert found.state["n"] == n
    await store.close()

    grow(small_disk)
    store = SqliteStore(small_disk / "a.sqlite")
    await store.open(KINDS)
    await store.ping()
    await store.change("thing", "later", saved_with_event({"n": 1}))
    assert {owed.id for owed in await claimed(store, 5000)} == {*kept, "later"}
    await store.close()


async def test_a_disk_with_room_again_is_used_without_a_restart(small_disk: Path) -> None:
    filler = small_disk / "filler"
    store = SqliteStore(small_disk / "a.sqlite")
    await store.open(KINDS)
    await store.change("thing", "a", saved({"n": 1}))
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)

    with pytest.raises(StoreAway):
        await fill(store, {})
    filler.unlink()

    await store.ping()
    assert (await store.change("thing", "later", saved_with_event({"n": 1}))).changed
    await store.close()


async def test_a_path_that_cannot_be_opened_raises_store_away(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").mkdir()

    with pytest.raises(StoreAway):
        await SqliteStore(tmp_path / "a.sqlite").open(KINDS)


async def test_a_file_that_is_not_a_database_raises_store_away(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").write_bytes(os.urandom(5000))

    with pytest.raises(StoreAway):
        await SqliteStore(tmp_path / "a.sqlite").open(KINDS)


async def test_queries_use_the_declared_indexes(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.sqlite")
    await store.open(KINDS)
    assert store._reader is not None
    queries: list[str] = []
    store._reader.set_trace_callback(queries.append)
    await store.find("thing", {"region": "61.12"}, sort=[("year", -1)])
    _ = [row async for row in store.scan("thing", {"place.name": "x"}, [])]
    store._reader.set_trace_callback(None)

    for query in queries:
        plan = " ".join(row[3] for row in store._reader.execute(f"EXPLAIN QUERY PLAN {query}"))
        assert "USING INDEX ix_thing" in plan
        assert "TEMP B-TREE" not in plan
    assert len(queries) == 2
    await store.close()


# --- What may be lost with the machine's power ---


async def waited_for_disk(commits: GroupedCommits, number: int, *, synced: bool) -> bool:
    """Whether the commit of a write waits for the disk."""

    def work(connection: sqlite3.Connection) -> bool:
        connection.execute("INSERT INTO noted VALUES (?)", (str(number),))
        (level,) = connection.execute("PRAGMA synchronous").fetchone()
        return bool(level == FULL)

    return await commits.run(work, synced=synced)


async def test_a_group_waits_for_the_disk_unless_all_of_it_may_be_lost(commits: GroupedCommits, tmp_path: Path) -> None:
    alone = [await waited_for_disk(commits, n, synced=n % 2 == 0) for n in range(4)]
    together = await asyncio.gather(*(waited_for_disk(commits, n, synced=n == 7) for n in range(4, 8)))
    assert alone == [True, False, True, False]
    assert together == [True] * 4
    assert noted(tmp_path / "a.sqlite") == [str(n) for n in range(8)]


async def test_now_and_then_a_group_waits_for_the_disk_in_any_case(commits: GroupedCommits) -> None:
    waited = [await waited_for_disk(commits, n, synced=False) for n in range(2 * UNSYNCED + 2)]
    assert [n for n, each in enumerate(waited) if each] == [UNSYNCED, 2 * UNSYNCED + 1]


async def test_what_is_committed_without_the_disk_survives_the_end_of_the_process(tmp_path: Path) -> None:
    program = f"""
import asyncio, os, pathlib
from shared.adapters.sqlite.commits import GroupedCommits
from tests.contract.store.test_sqlite_commits import prepare, waited_for_disk

async def main():
    commits = GroupedCommits(pathlib.Path({str(tmp_path / "a.sqlite")!r}))
    await commits.open(prepare)
    await waited_for_disk(commits, 1, synced=False)
    os.kill(os.getpid(), 9)

asyncio.run(main())
"""
    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", program], cwd=ROOT, check=False)
    assert done.returncode == -9
    assert noted(tmp_path / "a.sqlite") == ["1"]
