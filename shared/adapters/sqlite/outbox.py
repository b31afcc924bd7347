"""Adds, claims and settles owed events, inside a write transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from shared.adapters.lease_owner import latest_lease, lease_owner
from shared.adapters.stored_form import stored_event
from shared.clock import machine_ms
from shared.faults import Busy
from shared.ports.store import MOST_OWED, Owed, OwedEvent

Connection = sqlite3.Connection

ROOM = f"(SELECT count(*) FROM owed WHERE kind = ? AND id = ?) < {MOST_OWED}"  # noqa: S608 - no values
"""The condition that a document, by its kind and id, may owe one more event."""

_CLAIMABLE = "since IS NOT NULL AND (lease_until <= ? OR lease_until > ?)"
_OF_TYPE = " AND EXISTS (SELECT 1 FROM owed WHERE owed.kind = owing.kind AND owed.id = owing.id AND type = ?)"


@dataclass(frozen=True)
class NewLease:
    """A lease that is taken with the write of an event. until: machine milliseconds."""

    token: str
    until: int


def owe(connection: Connection, kind: str, id: str, event: OwedEvent, since: int | None = None) -> None:
    """Add one event, unless it is owed already. since: ms, now by default. Raises Busy at MOST_OWED."""
    already = "SELECT 1 FROM owed WHERE kind = ? AND id = ? AND event = ?"
    if connection.execute(already, (kind, id, event.id)).fetchone() is None:
        require_room(connection, kind, id)
        add(connection, kind, id, (event,), since=since)


def require_room(connection: Connection, kind: str, id: str) -> None:
    """Raise Busy at MOST_OWED."""
    if not connection.execute(f"SELECT {ROOM}", (kind, id)).fetchone()[0]:
        raise Busy(f"{kind}/{id} owes {MOST_OWED} events")


def add(
    connection: Connection,
    kind: str,
    id: str,
    events: Sequence[OwedEvent],
    *,
    since: int | None = None,
    lease: NewLease | None = None,
) -> None:
    """Add events that are not owed yet. since: as in `owe`; lease: of the document, in the place of any other."""
    since = machine_ms() if since is None else since
    for event in events:
        connection.execute(
            "INSERT INTO owed (kind, id, event, type, region, body, since) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (kind, id, event.id, event.type, event.region, event.body, since),
        )
    owing = "since = min(coalesce(since, excluded.since), excluded.since)"
    if lease is None:
        connection.execute(
            f"INSERT INTO owing (kind, id, since) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET {owing}",  # noqa: S608
            (kind, id, since),
        )
        return
    connection.execute(
        f"""INSERT INTO owing (kind, id, since, lease_until, lease_token, lease_owner) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET {owing}, lease_until = excluded.lease_until, lease_token = excluded.lease_token,
            lease_owner = excluded.lease_owner""",  # noqa: S608 - no values
        (kind, id, since, lease.until, lease.token, lease_owner()),
    )


def owe_instead(connection: Connection, kind: str, id: str, former: str, event: OwedEvent) -> None:
    """Owe `event` instead of the event with the id `former`, or besides the others if that one is not owed. Raises Busy
    at MOST_OWED."""
    document = (kind, id)
    require_room(connection, kind, id)
    replaced = connection.execute(
        "UPDATE owed SET event = ?, body = ?, region = ? WHERE kind = ? AND id = ? AND event = ?",
        (event.id, event.body, event.region, *document, former),
    )
    if not replaced.rowcount:
        owe(connection, kind, id, event)


def owed_events(connection: Connection, kind: str, id: str) -> tuple[OwedEvent, ...]:
    """The events that a document owes, oldest first (an event's id ends in its sequence)."""
    query = "SELECT event, type, body, region FROM owed WHERE kind = ? AND id = ? ORDER BY event"
    return tuple(stored_event(*row) for row in connection.execute(query, (kind, id)))


def claimable(connection: Connection, lease: timedelta) -> bool:
    """Whether a claim would find anything: read outside a transaction, so that an idle relay writes nothing."""
    query = f"SELECT 1 FROM owing WHERE {_CLAIMABLE} LIMIT 1"  # noqa: S608 - a constant of ours
    now = machine_ms()
    return connection.execute(query, (now, latest_lease(now, lease))).fetchone() is not None


def claim(connection: Connection, limit: int, lease: timedelta, token: str, of: str | None) -> list[Owed]:
    """Lease up to `limit` documents under `token`, longest owing first. of: that owe an event of this type."""
    now = machine_ms()
    until = now + int(lease.total_seconds() * 1000)
    which, types = (_CLAIMABLE, ()) if of is None else (f"{_CLAIMABLE}{_OF_TYPE}", (of,))
    chosen = connection.execute(
        f"SELECT kind, id FROM owing WHERE {which} ORDER BY since LIMIT ?",  # noqa: S608 - constants of ours
        (now, latest_lease(now, lease), *types, limit),
    ).fetchall()
    connection.executemany(
        "UPDATE owing SET lease_until = ?, lease_token = ?, lease_owner = ? WHERE kind = ? AND id = ?",
        [(until, token, lease_owner(), kind, id) for kind, id in chosen],
    )
    return [Owed(kind, id, token, owed_events(connection, kind, id)) for kind, id in chosen]


def oldest(connection: Connection, of: str | None) -> int | None:
    """Since when (ms) the longest-owing document owes; of: the oldest event of this type."""
    found = (
        connection.execute("SELECT min(since) FROM owing WHERE since IS NOT NULL")
        if of is None
        else connection.execute("SELECT min(since) FROM owed WHERE type = ?", (of,))
    )
    since: int | None = found.fetchone()[0]
    return since


def release_tokens(connection: Connection, tokens: Collection[str]) -> None:
    """Release the leases with these tokens."""
    if tokens:
        connection.execute(
            """UPDATE owing SET lease_until = 0, lease_token = NULL, lease_owner = NULL
            WHERE lease_token IN (SELECT value FROM json_each(?))""",
            (json.dumps(list(tokens)),),
        )


def settle(connection: Connection, settled: Sequence[tuple[Owed, Sequence[str]]]) -> bool:
    """Remove events, and release each lease if it is still the given one. True when events are left."""
    connection.executemany(
        "DELETE FROM owed WHERE kind = ? AND id = ? AND event = ?",
        [(owed.kind, owed.id, event) for owed, events in settled for event in events],
    )
    now = machine_ms()
    removed = connection.executemany(
        """DELETE FROM owing WHERE kind = ? AND id = ? AND (lease_token = ? OR lease_until <= ?)
            AND NOT EXISTS (SELECT 1 FROM owed WHERE owed.kind = owing.kind AND owed.id = owing.id)""",
        [(owed.kind, owed.id, owed.token, now) for owed, _ in settled],
    )
    if removed.rowcount == len(settled):
        return False
    left = [_still_owes(connection, owed) for owed, _ in settled]
    return any(left)


def _still_owes(connection: Connection, owed: Owed) -> bool:
    """Note since when a document owes what it still does, and release the lease if it is still this one."""
    document = (owed.kind, owed.id)
    (since,) = connection.execute("SELECT min(since) FROM owed WHERE kind = ? AND id = ?", document).fetchone()
    connection.execute("UPDATE owing SET since = ? WHERE kind = ? AND id = ?", (since, *document))
    connection.execute(  # a lease of another relay stays until it is released or expires
        """UPDATE owing SET lease_until = 0, lease_token = NULL, lease_owner = NULL
        WHERE kind = ? AND id = ? AND lease_token = ?""",
        (*document, owed.token),
    )
    return since is not None


def forget(connection: Connection, kind: str, id: str) -> None:
    """Remove everything that a document owes."""
    connection.execute("DELETE FROM owed WHERE kind = ? AND id = ?", (kind, id))
    connection.execute("DELETE FROM owing WHERE kind = ? AND id = ?", (kind, id))
