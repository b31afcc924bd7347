"""The housekeeping task of an open embedded bus: due rungs, pending moves, silent tails, writes of other processes."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable

import structlog

from shared.adapters.sqlite import bus_tables as sql
from shared.adapters.sqlite.bus_file import BusFile, reading
from shared.adapters.sqlite.bus_moves import Moves
from shared.adapters.sqlite.bus_tail import remove_silent_tails, silent_tails
from shared.backoff import rest
from shared.clock import SetBack, machine_ms
from shared.contracts.topology import RUNGS
from shared.faults import BusAway

_REST_AFTER_ERROR = 1.0  # seconds

log = structlog.get_logger("bus")


class Keeper:
    """Works from its construction until `stop`, whatever happens meanwhile."""

    def __init__(
        self, file: BusFile, moves: Moves, poll: float, wake: Callable[[], None], woken: asyncio.Event
    ) -> None:
        """poll: seconds between two looks at the file; wake: called when queues may have new messages; woken: set by
        others when there is something to do at once."""
        self._file = file
        self._moves = moves
        self._poll = poll
        self._wake = wake
        self._woken = woken
        self._version = -1
        self._set_back = SetBack()
        self._shortened = False  # the clock may have been set back while no process had the file open
        self._task = asyncio.create_task(self._run(), name="bus-keeper")

    @property
    def works(self) -> bool:
        """False once the task has ended, which it must not before `stop`."""
        return not self._task.done()

    async def stop(self) -> None:
        """End the task."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        seconds = 0.0
        while True:
            await rest(seconds, self._woken)
            self._woken.clear()
            try:
                seconds = await self._look()
            except BusAway:
                seconds = self._poll  # the file cannot be written for now
            except Exception:
                log.exception("bus.keeper_failed")
                seconds = _REST_AFTER_ERROR

    async def _look(self) -> float:
        """Do what is due; return the seconds until the next look."""
        await self._moves.write_pending()
        if self._set_back.happened() or not self._shortened:
            self._shortened = False
            await self._file.write(_shorten_waits)
            self._shortened = True
        due = self._next_due()
        if due is not None and due <= machine_ms():
            await self._file.write(_return_from_rungs)
            due = self._next_due()
        with reading():
            silent = silent_tails(self._file.reading)
            (version,) = self._file.reading.execute("PRAGMA data_version").fetchone()
        if silent:
            await self._file.write(remove_silent_tails)
        if version != self._version:
            self._version = version
            self._wake()
        return self._poll if due is None else min(self._poll, max(0.0, (due - machine_ms()) / 1000))

    def _next_due(self) -> int | None:
        with reading():
            due: int | None = self._file.reading.execute(sql.NEXT_DUE).fetchone()[0]
        return due


def _shorten_waits(db: sqlite3.Connection) -> None:
    """No message waits longer than its rung, also after the clock was set back."""
    db.execute(sql.SHORTEN, {"now": machine_ms(), "longest": round(RUNGS[-1] * 1000)})


def _return_from_rungs(db: sqlite3.Connection) -> None:
    now = {"now": machine_ms()}
    db.execute(sql.RETURN, now)
    db.execute(sql.RETURNED, now)
