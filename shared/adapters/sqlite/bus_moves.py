"""Moves of held messages: ack, retry, park. One that cannot be written stays in memory until it is written."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.adapters.sqlite import bus_tables as sql
from shared.adapters.sqlite.bus_file import BusFile
from shared.faults import BusAway


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of the message at place `n`. written: called when a transaction holds the move, so that a fetch in
    the same transaction may use its room; done: called once the move is on the disk; statement: copies the message
    elsewhere, None to drop it; how: its further parameters."""

    n: int
    written: Callable[[int], None]
    done: Callable[[int], None]
    statement: str | None = None
    how: dict[str, Any] | None = None

    def write(self, db: sqlite3.Connection) -> None:
        """Move it. Writing it again, or when another process has removed the message, changes nothing."""
        if self.statement is not None:
            db.execute(self.statement, {"n": self.n, **(self.how or {})})
        db.execute(sql.DROP, {"n": self.n})
        self.written(self.n)


class Moves:
    """The moves of one open bus. The bus's keeper calls `write_pending` as long as there are `pending` ones."""

    def __init__(self, file: BusFile, failed: Callable[[], None]) -> None:
        """failed: called when a move became pending."""
        self.pending: dict[int, Move] = {}
        self._file = file
        self._failed = failed

    async def carry_out(self, move: Move) -> None:
        """Return when the move is on the disk. Raises BusAway when it cannot be written now; it is then pending, as it
        is when the caller is cancelled: what was decided about a handled message holds."""
        try:
            await self._file.write(move.write, lambda _: move.done(move.n), atomic=True)
        except (BusAway, asyncio.CancelledError):
            self.pending[move.n] = move
            self._failed()
            raise

    async def write_pending(self) -> None:
        """Try all that are pending in one commit. Raises BusAway."""
        moves = list(self.pending.values())
        if moves:
            await self._file.write(lambda db: _write(db, moves), lambda _: self._written(moves))

    def _written(self, moves: list[Move]) -> None:
        for move in moves:
            del self.pending[move.n]
            move.done(move.n)


def _write(db: sqlite3.Connection, moves: list[Move]) -> None:
    for move in moves:
        move.write(db)
