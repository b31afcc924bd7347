"""Loads and changes one document; a change runs inside a write transaction."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any, TypeVar

from shared.adapters.sqlite import outbox
from shared.adapters.sqlite.tables import table
from shared.adapters.stored_form import lifted, next_sequence, owed_event, plain, plain_text, stamped_anew
from shared.contracts.event import Draft
from shared.faults import NotFound, Stale
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Decide, Document, Kind, OwedEvent, State, TextDocument, ValueDecide

V = TypeVar("V")


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
    if schema == kind.schema:
        return TextDocument(kind.name, id, sequence, text)
    return Document(kind.name, id, sequence, lifted(kind, id, schema, json.loads(text)))


def loaded(connection: sqlite3.Connection, kind: Kind, id: str) -> Document | None:
    """The document; None when it does not exist."""
    query = f"SELECT id, schema, sequence, state FROM {table(kind)} WHERE id = ?"  # noqa: S608 - a checked name
    row = connection.execute(query, (id,)).fetchone()
    return None if row is None else document(kind, row)


def change(connection: sqlite3.Connection, kind: Kind, id: str, decide: Decide, expected: int | None) -> Changed:
    """Load, decide, save. Raises Stale, NotFound, Busy and the errors of `decide`."""
    values = decide if isinstance(decide, ValueDecide) and decide.codec.to_text else None
    if values is not None and values.known is not None and expected in (None, values.known[0]):
        changed = _change_known(connection, kind, id, values)
        if changed is not None:
            return changed
    before = loaded(connection, kind, id)
    if expected is not None and (before is None or before.sequence != expected):
        raise Stale(f"{kind.name}/{id} is at {before.sequence if before else 'nothing'}, not at {expected}")
    text, draft = _decided(values, before) if values is not None else _decided_state(decide, before)
    if text is None:
        if before is None:
            raise NotFound(f"{kind.name}/{id}")
        # decide may have modified its copy
        return Changed(before if values is not None else loaded(connection, kind, id) or before, owes=False)
    saved = _save(connection, kind, TextDocument(kind.name, id, before.sequence if before else 0, text), draft)
    if saved is None:
        raise sqlite3.IntegrityError(f"{kind.name}/{id} changed within a transaction")
    return saved


def _change_known(connection: sqlite3.Connection, kind: Kind, id: str, decide: ValueDecide[V]) -> Changed | None:
    """Decide on what the caller has seen, and save if the document is still so; None when it is not, or when nothing is
    to be changed."""
    if decide.known is None:
        return None
    sequence, value = decide.known
    try:
        after = decide.on_value(value)
    except Exception:  # noqa: BLE001 - it counts only if it happens again with what is stored
        return None
    if after is None:
        return None
    return _save(connection, kind, TextDocument(kind.name, id, sequence, _text(decide, after[0])), after[1])


def _decided(decide: ValueDecide[V], before: Document | None) -> tuple[str | None, Draft | None]:
    """The new state as text, and the event that it owes; None, None for no change."""
    value = None
    if before is not None:
        value = decide.codec.of_state(before.state) if before.text is None else decide.codec.of_text(before.text)
    after = decide.on_value(value)
    return (None, None) if after is None else (_text(decide, after[0]), after[1])


def _decided_state(decide: Decide, before: Document | None) -> tuple[str | None, Draft | None]:
    decision = decide(None if before is None else before.state)
    return (None, None) if decision is None else (encoded(plain(decision[0])), decision[1])


def _text(decide: ValueDecide[V], value: V) -> str:
    return (
        plain_text(decide.codec.to_text(value))
        if decide.codec.to_text
        else encoded(plain(decide.codec.to_state(value)))
    )


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


def _save(connection: sqlite3.Connection, kind: Kind, before: TextDocument, draft: Draft | None) -> Changed | None:
    """Save. before: the new text, and the sequence that it replaces, 0: none. None when that is not what is stored."""
    id, sequence = before.id, next_sequence(before.sequence)
    event = owed_event(kind.name, id, sequence, draft) if draft else None
    values: list[Any] = [kind.schema, sequence, before.text]
    if event is not None:
        values += [event.id, event.type, event.body]
    if before.sequence:
        saved = connection.execute(_update(kind, owes=event is not None), (*values, id, before.sequence))
    else:
        saved = connection.execute(_insert(kind, owes=event is not None), (*values, id))
    if not saved.rowcount:
        return None
    if event is not None:
        outbox.owe(connection, kind.name, id, event)
    reach(Failpoint.CHANGE_DECIDED, f"{kind.name}/{id}")
    return Changed(TextDocument(kind.name, id, sequence, before.text, changed=True), owes=event is not None)


def _update(kind: Kind, *, owes: bool) -> str:
    event = ", event_id = ?, event_type = ?, event_body = ?" if owes else ""
    return f"UPDATE {table(kind)} SET schema = ?, sequence = ?, state = ?{event} WHERE id = ? AND sequence = ?"  # noqa: S608


def _insert(kind: Kind, *, owes: bool) -> str:
    event, places = (", event_id, event_type, event_body", "?, ?, ?, ") if owes else ("", "")
    return f"""INSERT INTO {table(kind)} (schema, sequence, state{event}, id) VALUES (?, ?, ?, {places}?)
        ON CONFLICT DO NOTHING"""  # noqa: S608 - a checked name
