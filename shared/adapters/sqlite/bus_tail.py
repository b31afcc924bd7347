"""Looking on at the embedded bus: a queue of one's own, bound to every type, that goes with its owner."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sqlite3
from collections.abc import AsyncIterator
from functools import partial

from shared.adapters.sqlite.bus_file import BusFile, reading
from shared.contracts.event_types import CONTRACTS
from shared.contracts.topology import TAIL, TAIL_LENGTH
from shared.faults import BusAway

_AT_ONCE = 500  # events read at once

IS_TAIL = f"queue LIKE '{TAIL}.%'"
"""SQL: whether a row of a table with a column `queue` belongs to a tail."""

TRIM = f"""DELETE FROM waiting WHERE n <= (SELECT max(n) FROM waiting) - {TAIL_LENGTH}
    AND queue IN (SELECT queue FROM binding WHERE type = :type AND {IS_TAIL})"""  # noqa: S608 - constants of ours

TAKEN_BY_OTHERS = f"SELECT 1 FROM binding WHERE type = :type AND NOT {IS_TAIL}"  # noqa: S608 - a constant of ours


async def tail(file: BusFile, poll: float) -> AsyncIterator[bytes]:
    """See `shared.ports.bus.Tailing`. poll: seconds between two looks."""
    queue = f"{TAIL}.{file.owner.id}.{secrets.token_hex(4)}"

    def begin(db: sqlite3.Connection) -> None:
        db.executemany("INSERT INTO binding VALUES (?, ?)", [(type, queue) for type in CONTRACTS])

    await file.write(begin)
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
            if len(rows) < _AT_ONCE:
                await asyncio.sleep(poll)
    finally:
        with contextlib.suppress(BusAway):  # else it goes when our owner is found to be gone
            await file.write(lambda db: end_tails(db, queue))


def end_tails(db: sqlite3.Connection, queue: str) -> None:
    """Remove this tail; with an owner's prefix (`tail.<owner>.`) all of its tails."""
    for table in ("binding", "waiting"):
        db.execute(
            f"DELETE FROM {table} WHERE queue >= :queue AND queue < :queue || '~'",  # noqa: S608 - one of two constants
            {"queue": queue},
        )


def tails_of(owner: str) -> str:
    """The beginning of the names of an owner's tails."""
    return f"{TAIL}.{owner}."


def _drop(db: sqlite3.Connection, queue: str, last: int) -> None:
    db.execute("DELETE FROM waiting WHERE queue = ? AND n <= ?", (queue, last))
