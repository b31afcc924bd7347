"""The tables of a service's SQLite file.

``doc_<kind>``: a kind's documents with their state as JSON text, the values of its index paths as columns
(`columns.py`) and their last event; ``owed``: the owed events; ``owing``: the documents that owe (``since``, NULL when
nothing) and their leases. All times are machine time in milliseconds. Events of release 0.2 and before have no region.

Documents are in tables with row ids: in a table without them a large row is part of the tree of keys, and changing it
costs twice as much.
"""

from __future__ import annotations

import hashlib
import sqlite3

from shared.adapters.kinds import DeclaredKinds
from shared.adapters.lease_owner import owner_is_gone
from shared.adapters.sqlite.columns import column
from shared.ports.store import ID, Index, Kind

_OUTBOX = (
    """CREATE TABLE IF NOT EXISTS owed (
        kind TEXT NOT NULL, id TEXT NOT NULL, event TEXT NOT NULL,
        type TEXT NOT NULL, region TEXT, body BLOB NOT NULL, since INTEGER NOT NULL,
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
    """The column of a dotted path that a kind declares, or of the id."""
    return "id" if path == ID else column(path)


def json_path(path: str) -> str:
    """SQLite's form of a dotted path, escaped for use within single quotes."""
    return "$" + "".join(f'."{key}"' for key in path.replace("'", "''").split("."))


def prepare(connection: sqlite3.Connection, kinds: DeclaredKinds) -> None:
    """Create missing tables and indexes, and release the leases of processes that have ended."""
    for statement in _OUTBOX:
        connection.execute(statement)
    if "region" not in _columns(connection, "owed"):
        connection.execute("ALTER TABLE owed ADD COLUMN region TEXT")
    for kind in kinds:
        _prepare(connection, kind)
    owners = connection.execute("SELECT DISTINCT lease_owner FROM owing WHERE lease_until > 0").fetchall()
    for (owner,) in owners:
        if owner_is_gone(owner):
            connection.execute("UPDATE owing SET lease_until = 0, lease_token = NULL WHERE lease_owner = ?", (owner,))


def _prepare(connection: sqlite3.Connection, kind: Kind) -> None:
    """Create a kind's table and indexes. A table of another form, or with other columns, is built anew: by release 0.2
    or before, or when a release declares other indexes."""
    columns = _columns(connection, table(kind))
    if columns and "event_region" not in columns:
        connection.execute(f"ALTER TABLE {table(kind)} ADD COLUMN event_region TEXT")
    wanted = [f"$.{path}" for path in kind.paths]
    if not columns:
        connection.execute(_create(kind))
    elif sorted(name for name in columns if name.startswith("$.")) != wanted or "text" not in columns:
        _build_anew(connection, kind, "text" if "text" in columns else "state")
    declared = {_index_name(kind, index): index for index in kind.indexes}
    for _, name, _, origin, _ in connection.execute(f"PRAGMA index_list({table(kind)})").fetchall():
        if origin == "c" and name not in declared:
            connection.execute(f'DROP INDEX "{name}"')
    for name, index in declared.items():
        fields = ", ".join(at(path) for path in index.fields)
        connection.execute(f'CREATE INDEX IF NOT EXISTS "{name}" ON {table(kind)} ({fields}, id)')


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]


def _create(kind: Kind) -> str:
    """The columns of the indexes come before the text, so that reading them does not read a large text."""
    columns = "".join(f"{column(path)}, " for path in kind.paths)
    return f"""CREATE TABLE {table(kind)} (
        id TEXT PRIMARY KEY NOT NULL, schema INTEGER NOT NULL, sequence INTEGER NOT NULL, whole INTEGER NOT NULL,
        {columns}text TEXT NOT NULL, event_id TEXT, event_type TEXT, event_region TEXT, event_body BLOB)"""


def _build_anew(connection: sqlite3.Connection, kind: Kind, text: str) -> None:
    """Copy the documents into a new table. text: the former name of the column with the state. That is another one, so
    that a former release, which would leave the columns as they are, cannot write into the file any more."""
    former = f'"former_{kind.name}"'
    connection.execute(f"ALTER TABLE {table(kind)} RENAME TO {former}")
    connection.execute(_create(kind))
    columns = "".join(f", {column(path)}" for path in kind.paths)
    values = "".join(f", json_extract({text}, '{json_path(path)}')" for path in kind.paths)
    connection.execute(
        f"""INSERT INTO {table(kind)}
        (id, schema, sequence, whole{columns}, text, event_id, event_type, event_region, event_body)
        SELECT id, schema, sequence, 0{values}, {text}, event_id, event_type, event_region, event_body
        FROM {former} ORDER BY id"""  # noqa: S608 - checked names
    )
    connection.execute(f"DROP TABLE {former}")


def _index_name(kind: Kind, index: Index) -> str:
    digest = hashlib.sha256("\n".join(index.fields).encode()).hexdigest()[:12]
    return f"ix_{kind.name}_{digest}"
