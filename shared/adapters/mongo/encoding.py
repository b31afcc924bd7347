"""Converts documents to and from their form in MongoDB.

Form: ``{_id, schema, sequence, state, outbox: [{id, type, region, body, since}], last_event, outbox_since, lease_until,
lease_token, lease_owner, marks}``. Times are machine time in milliseconds; absent: nothing owed, no lease. See
`states.py` for the state and `write.py` for the marks.
"""

from __future__ import annotations

from shared.adapters.mongo.driver import Row
from shared.adapters.mongo.states import escaped_key, state_of, storable
from shared.adapters.stored_form import lifted, stored_event
from shared.ports.store import ID, Document, Kind, OwedEvent, State


def field(path: str) -> str:
    """The stored field of a dotted path of the state, or of the id."""
    return ID if path == ID else "state." + ".".join(escaped_key(key) for key in path.split("."))


def document(kind: Kind, row: Row) -> Document:
    """A row as a document, in the current schema."""
    state = lifted(kind, row["_id"], row["schema"], state_of(row["state"]))
    return Document(kind.name, row["_id"], row["sequence"], state)


def entry(event: OwedEvent, since: int) -> Row:
    """An owed event as stored in the outbox."""
    return {"id": event.id, "type": event.type, "region": event.region, "body": event.body, "since": since}


def last_event(event: OwedEvent) -> Row:
    """An event as stored as the document's last one."""
    return {"id": event.id, "type": event.type, "region": event.region, "body": event.body}


def event_of(row: Row) -> OwedEvent:
    """An event from the outbox, or the last event."""
    return stored_event(row["id"], row["type"], row["body"], row.get("region"))


def stored_form(row: Row) -> State:
    """A row in the stored form of the store port, without its lease."""
    last = row.get("last_event")
    return {
        "_id": row["_id"],
        "schema": row["schema"],
        "sequence": row["sequence"],
        "state": state_of(row["state"]),
        "outbox": [{**_plain(owed), "since": owed["since"]} for owed in row.get("outbox", [])],
        "last_event": last and _plain(last),
        "outbox_since": min((owed["since"] for owed in row.get("outbox", [])), default=None),
    }


def _plain(row: Row) -> State:
    event = event_of(row)
    return {"id": event.id, "type": event.type, "region": event.region, "body": event.body.decode()}


def row_of(stored: State) -> Row:
    """The reverse of `stored_form`."""
    last, outbox = stored["last_event"], stored["outbox"]
    row: Row = {
        "_id": stored["_id"],
        "schema": stored["schema"],
        "sequence": stored["sequence"],
        "state": storable(stored["state"])[1],
        "outbox": [{**owed, "body": owed["body"].encode()} for owed in outbox],
    }
    if last is not None:
        row["last_event"] = {**last, "body": last["body"].encode()}
    if outbox:
        row["outbox_since"] = min(owed["since"] for owed in outbox)
    return row
