"""Tailing the embedded bus: a queue of the caller's own, bound to every type. Its heartbeat shows that it is read; one
that has been silent for 30 seconds is removed by any process that has the bus open."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sqlite3
from collections.abc import AsyncIterator
from functools import partial

from shared.adapters.sqlite.bus_file import BusFile, reading
from shared.clock import machine_ms
from shared.contracts.event_types import CONTRACTS
from shared.contracts.topology import TAIL, TAIL_LENGTH
from shared.faults import BusAway

BEAT_SECONDS = 10.0
SILENT_SECONDS = 30.0

_AT_ONCE = 500  # events read at once

IS_TAIL = f"queue LIKE '{TAIL}.%'"
"""SQL: whether a row of a table with a column `queue` belongs to a tail."""

TRIM = f"""DELETE FROM waiting WHERE queue = :queue AND n <= (SELECT max(n) FROM waiting) - {TAIL_LENGTH}"""  # noqa: S608 - a constant of ours

# A beat from the future is one from before the clock was set back.
_SILENT = "SELECT queue FROM tail WHERE abs(:now - beat_at) > :silent"


def is_tail(queue: str) -> bool:
    """Whether the queue with this name is a tail's."""
    return queue.startswith(f"{TAIL}.")


async def tail(file: BusFile, poll: float) -> AsyncIterator[bytes]:
    """See `shared.ports.bus.Tailing`. poll: seconds between two looks."""
    queue = f"{TAIL}.{secrets.token_hex(8)}"

    def begin(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO tail VALUES (?, ?)", (queue, machine_ms()))
        db.executemany("INSERT INTO binding VALUES (?, ?)", [(type, queue) for type in CONTRACTS])

    await file.write(begin)
    beating = asyncio.create_task(_beat(file, queue), name=f"heartbeat {queue}")
    try:
        while True:
            with reading():
                rows = file.reading.execute(
                    "SELECT n, body FROM waiting WHERE queue = ? ORDER BY n LIMIT ?", (queue, _AT_ONCE)
                ).fetchall()
            if rows:
                await file.write(partial(_drop, queue=queue, last=rows[-1][0]))
            for _, body in rows:
                yield body
            if beating.done():
                raise BusAway("this tail was silent for too long and was removed; start it again")
            if len(rows) < _AT_ONCE:
                await asyncio.sleep(poll)
    finally:
        beating.cancel()
        await asyncio.wait([beating])
        with contextlib.suppress(BusAway):  # it is then removed because it is silent
            await file.write(lambda db: _remove(db, queue))


def silent_tails(db: sqlite3.Connection) -> list[str]:
    """The queues of the tails that no process reads any more."""
    silent = {"now": machine_ms(), "silent": SILENT_SECONDS * 1000}
    return [queue for (queue,) in db.execute(_SILENT, silent)]


def remove_silent_tails(db: sqlite3.Connection) -> None:
    """Remove them with their messages; within a write transaction."""
    for queue in silent_tails(db):
        _remove(db, queue)


async def _beat(file: BusFile, queue: str) -> None:
    """Write heartbeats until the tail is found to be removed."""
    alive = True
    while alive:
        await asyncio.sleep(BEAT_SECONDS)
        with contextlib.suppress(BusAway):
            alive = await file.write(partial(_beaten, queue=queue))


def _beaten(db: sqlite3.Connection, queue: str) -> bool:
    return db.execute("UPDATE tail SET beat_at = ? WHERE queue = ?", (machine_ms(), queue)).rowcount == 1


def _drop(db: sqlite3.Connection, queue: str, last: int) -> None:
    db.execute("DELETE FROM waiting WHERE queue = ? AND n <= ?", (queue, last))


def _remove(db: sqlite3.Connection, queue: str) -> None:
    for table in ("binding", "waiting", "tail"):
        db.execute(f"DELETE FROM {table} WHERE queue = ?", (queue,))  # noqa: S608 - one of three constants
