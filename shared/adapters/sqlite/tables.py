"""The tables of a service's SQLite file.

``doc_<kind>``: a kind's documents with their state as JSON text and their last event; ``owed``: the owed events;
``owing``: the documents that owe (``since``, NULL when nothing) and their leases. All times are machine time in
milliseconds.
"""

from __future__ import annotations

import hashlib
import sqlite3

from shared.adapters.kinds import DeclaredKinds
from shared.adapters.lease_owner import owner_is_gone
from shared.ports.store import ID, Index, Kind

_OUTBOX = (
    """CREATE TABLE IF NOT EXISTS owed (
        kind TEXT NOT NULL, id TEXT NOT NULL, event TEXT NOT NULL,
        type TEXT NOT NULL, body BLOB NOT NULL, since INTEGER NOT NULL,
        PRIMARY KEY (kind, id, event)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS owing (
        kind TEXT NOT NULL, id TEXT NOT NULL, since INTEGER,
        lease_until INTEGER NOT NULL DEFAULT 0, lease_token TEXT, lease_owner TEXT,
        PRIMARY KEY (kind, id)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS owing_since ON owing (since) WHERE since IS NOT NULL",
    "CREATE TABLE IF NOT EXISTS pinged (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL)",
)


def table(kind: Kind) -> str:
    """The quoted name of a kind's table."""
    return f'"doc_{kind.name}"'


def at(path: str) -> str:
    """The SQL expression of a dotted path's value. SQLite uses an index only if the query has the same expression."""
    if path == ID:
        return "id"
    return f"json_extract(state, '{json_path(path)}')"


def json_path(path: str) -> str:
    """SQLite's form of a dotted path, escaped for use within single quotes."""
    return "$" + "".join(f'."{key}"' for key in path.replace("'", "''").split("."))


def prepare(connection: sqlite3.Connection, kinds: DeclaredKinds) -> None:
    """Create missing tables and indexes, and release the leases of processes that have ended."""
    for statement in _OUTBOX:
        connection.execute(statement)
    for kind in kinds:
        connection.execute(
            f"""CREATE TABLE IF NOT EXISTS {table(kind)} (
                id TEXT PRIMARY KEY NOT NULL, schema INTEGER NOT NULL, sequence INTEGER NOT NULL, state TEXT NOT NULL,
                event_id TEXT, event_type TEXT, event_body BLOB) WITHOUT ROWID"""
        )
        for index in kind.indexes:
            columns = ", ".join(at(path) for path in index.fields)
            connection.execute(f"CREATE INDEX IF NOT EXISTS {_index(kind, index)} ON {table(kind)} ({columns}, id)")
    owners = connection.execute("SELECT DISTINCT lease_owner FROM owing WHERE lease_until > 0").fetchall()
    for (owner,) in owners:
        if owner_is_gone(owner):
            connection.execute("UPDATE owing SET lease_until = 0, lease_token = NULL WHERE lease_owner = ?", (owner,))


def _index(kind: Kind, index: Index) -> str:
    digest = hashlib.sha256("\n".join(index.fields).encode()).hexdigest()[:12]
    return f'"ix_{kind.name}_{digest}"'
