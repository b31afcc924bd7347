"""Converts a bus file of schema 1, in which each held message named its holder, to the present schema.

There a holder was an open bus with a lock file of its own in the folder `<file>.owners`. A message that its holder did
not give back stayed hidden as long as the holder's process lived, or for ever. Conversion frees every held message; its
delivery was counted when it was taken.
"""

from __future__ import annotations

import contextlib
import fcntl
import sqlite3
from pathlib import Path

_STATEMENTS = (
    "DELETE FROM waiting WHERE queue LIKE 'tail.%'",  # a tail belonged to a process, and none lives
    "DELETE FROM binding WHERE queue LIKE 'tail.%'",
    "DROP INDEX ready",
    "DROP INDEX held",
    "ALTER TABLE waiting DROP COLUMN owner",
    "ALTER TABLE waiting DROP COLUMN inbox",
    "ALTER TABLE queue ADD COLUMN handed INTEGER NOT NULL DEFAULT 0",
    "DROP TABLE owner",
)


def convert(db: sqlite3.Connection, path: Path) -> None:
    """Convert the file at `path` within the open transaction. Raises sqlite3.DatabaseError while a process of the
    earlier release still has the file open, OSError."""
    for lock in _locks(path):
        if _is_held(lock):
            raise sqlite3.DatabaseError("a process of an earlier release still works on it; stop that process first")
    for statement in _STATEMENTS:
        db.execute(statement)


def complete(db: sqlite3.Connection) -> None:
    """Add what a table of this schema was first created without; within the open transaction."""
    columns = {name for _, name, *_ in db.execute("PRAGMA table_info(resting)")}
    if "wait" not in columns:
        db.execute("ALTER TABLE resting ADD COLUMN wait INTEGER")
    queue = {name for _, name, *_ in db.execute("PRAGMA table_info(queue)")}
    for column in ("bounded", "dropped"):
        if column not in queue:
            db.execute(f"ALTER TABLE queue ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")


def tidy(path: Path) -> None:
    """Remove the lock files of schema 1 beside a converted file."""
    with contextlib.suppress(OSError):  # they are in nobody's way
        for lock in _locks(path):
            lock.unlink()
        _folder(path).rmdir()


def _folder(path: Path) -> Path:
    return path.with_name(f"{path.name}.owners")


def _locks(path: Path) -> list[Path]:
    return list(_folder(path).iterdir()) if _folder(path).is_dir() else []


def _is_held(lock: Path) -> bool:
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
