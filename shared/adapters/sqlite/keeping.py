"""Keeps new documents that owe nothing, many with one statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from shared.adapters.sqlite.changes import encoded
from shared.adapters.sqlite.columns import column, values_of
from shared.adapters.sqlite.tables import table
from shared.adapters.stored_form import next_sequence, plain
from shared.ports.store import Kind, State


def keep(connection: sqlite3.Connection, kind: Kind, states: Mapping[str, State]) -> None:
    """Save those that do not exist."""
    names = ["id", "schema", "sequence", "whole", "text", *map(column, kind.paths)]
    query = f"""INSERT INTO {table(kind)} ({", ".join(names)}) VALUES ({", ".join("?" * len(names))})
        ON CONFLICT DO NOTHING"""  # noqa: S608 - checked names
    sequence = next_sequence(0)
    rows = []
    for id, each in states.items():
        state = plain(each)
        columns = values_of(kind.paths, state)
        rows.append((id, kind.schema, sequence, columns.whole, encoded(state), *columns.of.values()))
    connection.executemany(query, rows)
