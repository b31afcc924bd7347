"""Reads and writes documents in stored form: for backups, and to move to another engine."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from shared.adapters.sqlite import outbox
from shared.adapters.sqlite.changes import encoded
from shared.adapters.sqlite.columns import column, values_of
from shared.adapters.sqlite.tables import table
from shared.adapters.stored_form import plain
from shared.ports.store import Kind, OwedEvent, State


def dump(connection: sqlite3.Connection, kind: Kind, after: str, limit: int) -> list[State]:
    """The next documents after the id `after`, in the order of ids, read in one transaction with what they owe."""
    connection.execute("BEGIN")
    try:
        rows = connection.execute(
            f"""SELECT id, schema, sequence, text, event_id, event_type, event_body FROM {table(kind)}
            WHERE id > ? ORDER BY id LIMIT ?""",  # noqa: S608 - a checked name
            (after, limit),
        ).fetchall()
        return [_stored_form(connection, kind, row) for row in rows]
    finally:
        connection.execute("COMMIT")


def load(connection: sqlite3.Connection, kind: Kind, documents: list[State]) -> None:
    """Save documents unchanged, replacing those of the same id."""
    columns = "".join(f", {column(path)}" for path in kind.paths)
    query = f"""INSERT OR REPLACE INTO {table(kind)}
        (id, schema, sequence, whole, text, event_id, event_type, event_body{columns})
        VALUES (?, ?, ?, 0, ?, ?, ?, ?{", ?" * len(kind.paths)})"""  # noqa: S608 - checked names
    for stored in documents:
        last = stored["last_event"] or {"id": None, "type": None, "body": None}
        state = plain(stored["state"])
        body = None if last["body"] is None else last["body"].encode()
        values = (stored["_id"], stored["schema"], stored["sequence"], encoded(state), last["id"], last["type"], body)
        connection.execute(query, (*values, *values_of(kind.paths, state).of.values()))
        outbox.forget(connection, kind.name, stored["_id"])
        for owed in stored["outbox"]:
            event = OwedEvent(owed["id"], owed["type"], owed["body"].encode())
            outbox.owe(connection, kind.name, stored["_id"], event, owed["since"])


def _stored_form(connection: sqlite3.Connection, kind: Kind, row: tuple[Any, ...]) -> State:
    id, schema, sequence, text, event_id, event_type, event_body = row
    owed = connection.execute(
        "SELECT event, type, body, since FROM owed WHERE kind = ? AND id = ? ORDER BY event", (kind.name, id)
    ).fetchall()
    return {
        "_id": id,
        "schema": schema,
        "sequence": sequence,
        "state": json.loads(text),
        "outbox": [
            {"id": event, "type": type_, "body": body.decode(), "since": since} for event, type_, body, since in owed
        ],
        "last_event": event_id and {"id": event_id, "type": event_type, "body": event_body.decode()},
        "outbox_since": min((since for *_, since in owed), default=None),
    }
