"""Reads and writes documents in stored form: for backups, and to move to another engine."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from shared.adapters.sqlite import outbox
from shared.adapters.sqlite.changes import encoded
from shared.adapters.sqlite.columns import column, values_of
from shared.adapters.sqlite.tables import table
from shared.adapters.stored_form import plain, stored_event
from shared.ports.store import Kind, OwedEvent, State


def dump(connection: sqlite3.Connection, kind: Kind, after: str, limit: int) -> list[State]:
    """The next documents after the id `after`, in the order of ids, read in one transaction with what they owe."""
    connection.execute("BEGIN")
    try:
        rows = connection.execute(
            f"""SELECT id, schema, sequence, text, event_id, event_type, event_body, event_region FROM {table(kind)}
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
        (id, schema, sequence, whole, text, event_id, event_type, event_region, event_body{columns})
        VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?{", ?" * len(kind.paths)})"""  # noqa: S608 - checked names
    for stored in documents:
        state = plain(stored["state"])
        last = stored["last_event"] and _event(stored["last_event"])
        event = (last.id, last.type, last.region, last.body) if last else (None, None, None, None)
        values = (stored["_id"], stored["schema"], stored["sequence"], encoded(state), *event)
        connection.execute(query, (*values, *values_of(kind.paths, state).of.values()))
        outbox.forget(connection, kind.name, stored["_id"])
        for owed in stored["outbox"]:
            outbox.owe(connection, kind.name, stored["_id"], _event(owed), owed["since"])


def _event(stored: State) -> OwedEvent:
    return stored_event(stored["id"], stored["type"], stored["body"].encode(), stored.get("region"))


def _plain(event: OwedEvent) -> State:
    return {"id": event.id, "type": event.type, "region": event.region, "body": event.body.decode()}


def _stored_form(connection: sqlite3.Connection, kind: Kind, row: tuple[Any, ...]) -> State:
    id, schema, sequence, text, *last = row
    owed = connection.execute(
        "SELECT since, event, type, body, region FROM owed WHERE kind = ? AND id = ? ORDER BY event", (kind.name, id)
    ).fetchall()
    return {
        "_id": id,
        "schema": schema,
        "sequence": sequence,
        "state": json.loads(text),
        "outbox": [{**_plain(stored_event(*event)), "since": since} for since, *event in owed],
        "last_event": _plain(stored_event(*last)) if last[0] else None,
        "outbox_since": min((since for since, *_ in owed), default=None),
    }
