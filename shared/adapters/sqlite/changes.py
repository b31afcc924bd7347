"""Loads and changes one document; a change runs inside a write transaction."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from shared.adapters.sqlite import outbox
from shared.adapters.sqlite.tables import table
from shared.adapters.stored_form import lifted, next_sequence, owed_event, plain, stamped_anew
from shared.faults import NotFound, Stale
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Decide, Document, Kind, OwedEvent, State


@dataclass(frozen=True)
class Changed:
    """The result of a change. owes: whether the document newly owes an event."""

    document: Document
    owes: bool


def encoded(state: State) -> str:
    """A plain state as JSON text."""
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def document(kind: Kind, row: tuple[Any, ...]) -> Document:
    """A row (id, schema, sequence, state) as a document, in the current schema."""
    id, schema, sequence, text = row
    return Document(kind.name, id, sequence, lifted(kind, id, schema, json.loads(text)))


def loaded(connection: sqlite3.Connection, kind: Kind, id: str) -> Document | None:
    """The document; None when it does not exist."""
    query = f"SELECT id, schema, sequence, state FROM {table(kind)} WHERE id = ?"  # noqa: S608 - a checked name
    row = connection.execute(query, (id,)).fetchone()
    return None if row is None else document(kind, row)


def change(connection: sqlite3.Connection, kind: Kind, id: str, decide: Decide, expected: int | None) -> Changed:
    """Load, decide, save. Raises Stale, NotFound, Busy and the errors of `decide`."""
    before = loaded(connection, kind, id)
    if expected is not None and (before is None or before.sequence != expected):
        raise Stale(f"{kind.name}/{id} is at {before.sequence if before else 'nothing'}, not at {expected}")
    decision = decide(None if before is None else before.state)
    if decision is None:
        if before is None:
            raise NotFound(f"{kind.name}/{id}")
        return Changed(loaded(connection, kind, id) or before, owes=False)  # decide may have modified its copy
    state, draft = plain(decision[0]), decision[1]
    sequence = next_sequence(before.sequence if before else 0)
    event = owed_event(kind.name, id, sequence, draft) if draft else None
    _save(connection, kind, Document(kind.name, id, sequence, state), event)
    reach(Failpoint.CHANGE_DECIDED, f"{kind.name}/{id}")
    return Changed(Document(kind.name, id, sequence, state, changed=True), owes=event is not None)


def owe_again(connection: sqlite3.Connection, kind: Kind, id: str, *, anew: bool) -> bool:
    """Owe the last event again; anew: give the document and the event a new sequence."""
    query = f"SELECT sequence, event_id, event_type, event_body FROM {table(kind)} WHERE id = ?"  # noqa: S608
    row = connection.execute(query, (id,)).fetchone()
    if row is None or row[1] is None:
        return False
    last = OwedEvent(*row[1:])
    if not anew:
        outbox.owe(connection, kind.name, id, last)
        return True
    sequence = next_sequence(row[0])
    new = stamped_anew(kind.name, id, sequence, last)
    connection.execute(
        f"UPDATE {table(kind)} SET sequence = ?, event_id = ?, event_body = ? WHERE id = ?",  # noqa: S608
        (sequence, new.id, new.body, id),
    )
    outbox.owe_instead(connection, kind.name, id, last.id, new)
    return True


def _save(connection: sqlite3.Connection, kind: Kind, new: Document, event: OwedEvent | None) -> None:
    connection.execute(
        f"""INSERT INTO {table(kind)} (id, schema, sequence, state) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET schema = excluded.schema, sequence = excluded.sequence, state = excluded.state""",  # noqa: S608
        (new.id, kind.schema, new.sequence, encoded(new.state)),
    )
    if event is None:
        return
    connection.execute(
        f"UPDATE {table(kind)} SET event_id = ?, event_type = ?, event_body = ? WHERE id = ?",  # noqa: S608
        (event.id, event.type, event.body, new.id),
    )
    outbox.owe(connection, kind.name, new.id, event)
