"""Puts a state that is newer than the stored one with one statement."""

from __future__ import annotations

import sqlite3

from shared.adapters.newer import number_of
from shared.adapters.sqlite.changes import Changed, encoded
from shared.adapters.sqlite.columns import column, values_of
from shared.adapters.sqlite.tables import json_path, table
from shared.adapters.stored_form import next_sequence
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Kind, State, TextDocument


def put_newer(connection: sqlite3.Connection, kind: Kind, id: str, state: State, by: str) -> Changed | None:
    """Insert the state, or put it in the place of one in the present schema whose number at the path `by` is less. None
    when neither is so, and nothing was written. state: plain."""
    text, columns = encoded(state), values_of(kind.paths, state)
    names = ["schema", "sequence", "whole", *map(column, columns.of), "text"]
    new = ", ".join(f"{name} = excluded.{name}" for name in names if name != "sequence")
    stored = column(by) if by in columns.of else f"json_extract(text, '{json_path(by)}')"
    query = f"""INSERT INTO {table(kind)} ({", ".join(names)}, id) VALUES ({"?, " * len(names)}?)
        ON CONFLICT (id) DO UPDATE SET {new}, sequence = max(sequence + 1, excluded.sequence)
        WHERE schema = excluded.schema AND {stored} < ? RETURNING sequence"""  # noqa: S608 - checked names
    reach(Failpoint.CHANGE_DECIDED, f"{kind.name}/{id}")
    values = (kind.schema, next_sequence(0), columns.whole, *columns.of.values(), text, id, number_of(state, by))
    saved = connection.execute(query, values).fetchall()
    if not saved:
        return None
    return Changed(TextDocument(kind.name, id, saved[0][0], text, changed=True), owes=False)
