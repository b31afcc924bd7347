"""Loads and changes one document; a change runs inside a write transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from shared.adapters.audit_entry import Author, Noted, audit_event, noted_of_states, noted_of_values
from shared.adapters.sqlite import outbox
from shared.adapters.sqlite.columns import column, values_of
from shared.adapters.sqlite.outbox import NewLease
from shared.adapters.sqlite.tables import table
from shared.adapters.stored_form import (
    lifted,
    next_sequence,
    owed_event,
    plain,
    plain_text,
    stamped_anew,
    stored_event,
)
from shared.contracts.event import Draft
from shared.faults import NotFound, Stale
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Decide, Document, Kind, Owed, OwedEvent, State, TextDocument, ValueDecide

V = TypeVar("V")


@dataclass(frozen=True)
class Changed:
    """The result of a change. owes: whether the document newly owes an event; leased: that event, if it is leased."""

    document: Document
    owes: bool
    leased: Owed | None = None


def encoded(state: State) -> str:
    """A plain state as JSON text."""
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def document(kind: Kind, row: tuple[Any, ...]) -> Document:
    """A row (id, schema, sequence, text) as a document, in the current schema."""
    id, schema, sequence, text = row
    if schema == kind.schema:
        return TextDocument(kind.name, id, sequence, text)
    return Document(kind.name, id, sequence, lifted(kind, id, schema, json.loads(text)))


def loaded(connection: sqlite3.Connection, kind: Kind, id: str) -> Document | None:
    """The document; None when it does not exist."""
    query = f"SELECT id, schema, sequence, text FROM {table(kind)} WHERE id = ?"  # noqa: S608 - a checked name
    row = connection.execute(query, (id,)).fetchone()
    return None if row is None else document(kind, row)


def change(
    connection: sqlite3.Connection,
    kind: Kind,
    id: str,
    decide: Decide,
    *,
    expected: int | None = None,
    lease: NewLease | None = None,
    author: Author | None = None,
) -> Changed:
    """Load, decide, save. lease: to take if an event is owed; author: of an audited kind. Raises Stale, NotFound, Busy
    and the errors of `decide`, all before it writes."""
    values = decide if isinstance(decide, ValueDecide) and decide.codec.to_text else None
    if values is not None and values.known is not None and expected in (None, values.known[0]):
        changed = _change_known(connection, kind, id, values, lease=lease, author=author)
        if changed is not None:
            return changed
    row = connection.execute(_select(kind), (id,)).fetchone()
    before = None if row is None else document(kind, row[:4])
    if expected is not None and (before is None or before.sequence != expected):
        raise Stale(f"{kind.name}/{id} is at {before.sequence if before else 'nothing'}, not at {expected}")
    new = (
        _decided(kind, id, values, before, author) if values is not None else _decided_state(id, decide, before, author)
    )
    if new is None:
        if before is None:
            raise NotFound(f"{kind.name}/{id}")
        # decide may have modified its copy
        return Changed(before if values is not None else loaded(connection, kind, id) or before, owes=False)
    text, draft, state, noted = new
    columns = values_of(kind.paths, state)
    stored = TextDocument(kind.name, id, before.sequence if before else 0, text)
    set_anew = {"schema": kind.schema, "whole": columns.whole}
    if row is None:
        set_anew |= {column(path): value for path, value in columns.of.items()}
    else:
        set_anew |= {
            column(path): columns.of[path]
            for path, value in zip(kind.paths, row[4:], strict=True)
            if value != columns.of[path]
        }
    saved = _save(connection, kind, stored, set_anew, draft, noted=noted, lease=lease)
    if saved is None:
        outbox.require_room(connection, kind.name, id)
        raise sqlite3.IntegrityError(f"{kind.name}/{id} changed within a transaction")
    return saved


def _change_known(
    connection: sqlite3.Connection,
    kind: Kind,
    id: str,
    decide: ValueDecide[V],
    *,
    lease: NewLease | None,
    author: Author | None,
) -> Changed | None:
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
    text = _text(decide, after[0])
    new = TextDocument(kind.name, id, sequence, text)
    noted = noted_of_values(author, id, decide.codec, value, after[0])
    if value is None:
        columns = values_of(kind.paths, _fields(kind, decide, after[0], text))
        set_anew = {"schema": kind.schema, "whole": columns.whole}
        set_anew |= {column(path): each for path, each in columns.of.items()}
        return _save(connection, kind, new, set_anew, after[1], noted=noted, lease=lease)
    moved = _moved(kind, decide, value, after[0], text)
    return _save(connection, kind, new, moved, after[1], noted=noted, whole=True, lease=lease)


Made = tuple[str, Draft | None, State, Noted | None]
"""The new state as text, the event that it owes, the state, or of it at least the fields of the kind's paths, and what
the audit entry says."""


def _decided(
    kind: Kind, id: str, decide: ValueDecide[V], before: Document | None, author: Author | None
) -> Made | None:
    """None: no change."""
    value = None
    if before is not None:
        value = decide.codec.of_state(before.state) if before.text is None else decide.codec.of_text(before.text)
    after = decide.on_value(value)
    if after is None:
        return None
    text = _text(decide, after[0])
    noted = noted_of_values(author, id, decide.codec, value, after[0])
    return text, after[1], _fields(kind, decide, after[0], text), noted


def _decided_state(id: str, decide: Decide, before: Document | None, author: Author | None) -> Made | None:
    former = None if before is None or author is None else plain(before.state)  # decide may modify its copy
    decision = decide(None if before is None else before.state)
    if decision is None:
        return None
    state = plain(decision[0])
    return encoded(state), decision[1], state, noted_of_states(author, id, former, state)


def _fields(kind: Kind, decide: ValueDecide[V], value: V, text: str) -> State:
    """Of the state that the text is of, at least the fields of the kind's paths."""
    if not kind.fields:
        return {}
    some = decide.codec.some
    state: State = json.loads(text) if some is None else some(value, kind.fields, None)
    return state


def _moved(kind: Kind, decide: ValueDecide[V], before: V, after: V, text: str) -> State:
    """The columns whose values may differ from those of `before`."""
    some = decide.codec.some
    state = json.loads(text) if some is None else some(after, kind.fields, before)
    moved = [path for path in kind.paths if path.partition(".")[0] in state]
    return {column(path): value for path, value in values_of(moved, state).of.items()}


def _text(decide: ValueDecide[V], value: V) -> str:
    return (
        plain_text(decide.codec.to_text(value))
        if decide.codec.to_text
        else encoded(plain(decide.codec.to_state(value)))
    )


def last_event(connection: sqlite3.Connection, kind: Kind, id: str) -> OwedEvent | None:
    """The last event of a document, if there is one."""
    query = f"SELECT event_id, event_type, event_body, event_region FROM {table(kind)} WHERE id = ?"  # noqa: S608
    row = connection.execute(query, (id,)).fetchone()
    return None if row is None or row[0] is None else stored_event(*row)


def owe_again(connection: sqlite3.Connection, kind: Kind, id: str, *, anew: bool) -> bool:
    """Owe the last event again; anew: give the document and the event a new sequence."""
    query = f"""SELECT sequence, event_id, event_type, event_body, event_region FROM {table(kind)}
        WHERE id = ?"""  # noqa: S608 - a checked name
    row = connection.execute(query, (id,)).fetchone()
    if row is None or row[1] is None:
        return False
    last = stored_event(*row[1:])
    if not anew:
        outbox.owe(connection, kind.name, id, last)
        return True
    sequence = next_sequence(row[0])
    new = stamped_anew(kind.name, id, sequence, last)
    connection.execute(
        f"UPDATE {table(kind)} SET sequence = ?, event_id = ?, event_body = ?, event_region = ? WHERE id = ?",  # noqa: S608
        (sequence, new.id, new.body, new.region, id),
    )
    outbox.owe_instead(connection, kind.name, id, last.id, new)
    return True


def _save(
    connection: sqlite3.Connection,
    kind: Kind,
    before: TextDocument,
    columns: Mapping[str, Any],
    draft: Draft | None,
    *,
    noted: Noted | None,
    whole: bool = False,
    lease: NewLease | None = None,
) -> Changed | None:
    """Save. before: the new text, and the sequence that it replaces, 0: none; columns: further ones to set; noted: what
    the audit entry says; whole: only if the stored columns are those of a state of the present schema with a field at
    every path. None, and nothing is written, when that is not what is stored, or when the document owes as many events
    as it may."""
    id, sequence = before.id, next_sequence(before.sequence)
    event = owed_event(kind.name, id, sequence, draft) if draft else None
    entry = audit_event(kind, id, sequence, noted, event) if noted else None
    owes = tuple(each for each in (entry, event) if each is not None)
    reach(Failpoint.CHANGE_DECIDED, f"{kind.name}/{id}")
    values = [sequence, before.text, *columns.values()]
    names = ["sequence", "text", *columns]
    if event is not None:
        values += [event.id, event.type, event.region, event.body]
        names += ["event_id", "event_type", "event_region", "event_body"]
    values.append(id)
    if before.sequence:
        values.append(before.sequence)
        if owes:
            values += [kind.name, id]
        query = _update(table(kind), tuple(names), kind.schema if whole else None, owes=bool(owes))
    else:
        query = _insert(table(kind), tuple(names))
    if not connection.execute(query, values).rowcount:
        return None
    document = TextDocument(kind.name, id, sequence, before.text, changed=True)
    if not owes:
        return Changed(document, owes=False)
    outbox.add(connection, kind.name, id, owes, lease=lease)
    leased = None if lease is None else Owed(kind.name, id, lease.token, owes)
    return Changed(document, owes=True, leased=leased)


@cache
def _update(table: str, names: tuple[str, ...], whole: int | None, *, owes: bool) -> str:
    """whole: the schema that the stored state must have, with a field at every path; owes: there must be room for what
    the document owes then."""
    values = ", ".join(f"{name} = ?" for name in names)
    when = "" if whole is None else f" AND schema = {whole} AND whole"
    room = f" AND {outbox.ROOM}" if owes else ""
    return f"UPDATE {table} SET {values} WHERE id = ? AND sequence = ?{when}{room}"  # noqa: S608 - checked names


@cache
def _insert(table: str, names: tuple[str, ...]) -> str:
    values = "?, " * len(names)
    return f"INSERT INTO {table} ({', '.join(names)}, id) VALUES ({values}?) ON CONFLICT DO NOTHING"  # noqa: S608


def _select(kind: Kind) -> str:
    columns = "".join(f", {column(path)}" for path in kind.paths)
    return f"SELECT id, schema, sequence, text{columns} FROM {table(kind)} WHERE id = ?"  # noqa: S608 - checked names
