"""Puts published events into the queues that take their types, within one write transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from shared.adapters.sqlite import bus_tables as sql
from shared.adapters.sqlite.bus_tail import TRIM, is_tail
from shared.clock import machine_ms
from shared.faults import Unroutable
from shared.ports.bus import Fate, Outgoing


def deliver(db: sqlite3.Connection, events: Sequence[Outgoing]) -> list[Fate]:
    """A copy of each event for each queue; the fate of each event."""
    queues = {type: _queues(db, type) for type in {each.type for each in events}}
    now = machine_ms()
    copies: list[tuple[str, str, str, bytes, int]] = []
    fates: list[Fate] = []
    for each in events:
        takers = queues[each.type]
        if each.mandatory and all(map(is_tail, takers)):
            fates.append(Unroutable(f"no queue takes {each.type}"))
            continue
        fates.append(None)
        copies += [(queue, each.id, each.type, each.body, now) for queue in takers]
    db.executemany(sql.DELIVER, copies)
    for tail in {queue for takers in queues.values() for queue in takers if is_tail(queue)}:
        db.execute(TRIM, {"queue": tail})
    return fates


def _queues(db: sqlite3.Connection, type: str) -> list[str]:
    return [queue for (queue,) in db.execute(sql.TAKERS, (type,))]
