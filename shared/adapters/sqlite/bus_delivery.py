"""Puts published events into the queues that take their types, within one write transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

from shared.adapters.sqlite import bus_tables as sql
from shared.adapters.sqlite.bus_bounds import Bounds, Filling
from shared.adapters.sqlite.bus_tail import TRIM, is_tail
from shared.clock import machine_ms
from shared.faults import Unroutable
from shared.ports.bus import Fate, Outgoing

_Copy = tuple[str, str, str, bytes, int]  # queue, id, type, body, since


def deliver(db: sqlite3.Connection, events: Sequence[Outgoing], bounds: Bounds) -> list[Fate]:
    """A copy of each event for each queue; the fate of each event."""
    queues = {type: db.execute(sql.TAKERS, (type,)).fetchall() for type in {each.type for each in events}}
    now = machine_ms()
    copies: list[_Copy] = []
    fates: list[Fate] = []
    for each in events:
        takers = queues[each.type]
        if each.mandatory and all(bounded or is_tail(queue) for queue, bounded in takers):
            fates.append(Unroutable(f"no queue takes {each.type}"))
            continue
        fates.append(None)
        copies += [(queue, each.id, each.type, each.body, now) for queue, _ in takers]
    db.executemany(sql.DELIVER, copies)
    every = {taker for takers in queues.values() for taker in takers}
    if bounded := {queue for queue, is_bounded in every if is_bounded}:
        bounds.keep(db, _added(copies, bounded))
    for tail in {queue for queue, _ in every if is_tail(queue)}:
        db.execute(TRIM, {"queue": tail})
    return fates


def _added(copies: Sequence[_Copy], queues: Collection[str]) -> dict[str, Filling]:
    """What was added to each of these queues."""
    added: dict[str, Filling] = {}
    for queue, _, _, body, _ in copies:
        if queue in queues:
            filling = added.setdefault(queue, Filling(0, 0))
            filling.messages += 1
            filling.size += len(body)
    return added
