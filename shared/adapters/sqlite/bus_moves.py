"""Moves of held messages: ack, retry, park. One that cannot be written stays in memory until it is written."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
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


_Waiting = tuple[Move, asyncio.Future[None]]


class Moves:
    """The moves of one open bus; those that come while a commit is under way go together into the next one. The bus's
    keeper calls `write_pending` as long as there are `pending` ones."""

    def __init__(self, file: BusFile, failed: Callable[[], None]) -> None:
        """failed: called when a move became pending."""
        self.pending: dict[int, Move] = {}
        self._file = file
        self._failed = failed
        self._waiting: list[_Waiting] = []
        self._writing: set[asyncio.Task[None]] = set()

    def carry_out(self, move: Move) -> asyncio.Future[None]:
        """Done when the move is on the disk, or with BusAway when it cannot be written now; it is then pending. It goes
        on when nobody waits: what was decided about a handled message holds."""
        written = asyncio.get_running_loop().create_future()
        self._waiting.append((move, written))
        if len(self._waiting) == 1:
            writing = asyncio.create_task(self._write_waiting(), name="bus moves")
            self._writing.add(writing)
            writing.add_done_callback(self._writing.discard)
        return written

    async def write_pending(self) -> None:
        """Try all that are pending in one commit. Raises BusAway."""
        moves = list(self.pending.values())
        if moves:
            await self._file.write(lambda db: write(db, moves), lambda _: self._written(moves))

    async def finish(self) -> None:
        """Wait for the writes under way."""
        if self._writing:
            await asyncio.wait(self._writing)

    async def _write_waiting(self) -> None:
        batch: list[_Waiting] = []

        def work(db: sqlite3.Connection) -> None:
            batch[:], self._waiting = self._waiting, []
            write(db, [move for move, _ in batch])

        def committed(_: None) -> None:
            for move, written in batch:
                move.done(move.n)
                if not written.done():
                    written.set_result(None)

        try:
            await self._file.write(work, committed, atomic=True, synced=False)
        except BusAway as fault:
            if not batch:
                batch, self._waiting = self._waiting, []
            for move, written in batch:
                self.pending[move.n] = move
                if not written.done():
                    written.set_exception(BusAway(fault.detail))
            self._failed()

    def _written(self, moves: list[Move]) -> None:
        for move in moves:
            del self.pending[move.n]
            move.done(move.n)


def write(db: sqlite3.Connection, moves: Sequence[Move]) -> None:
    """Move them. Writing a move again, or when another process has removed the message, changes nothing."""
    for move in moves:
        if move.statement is not None:
            db.execute(move.statement, {"n": move.n, **(move.how or {})})
    db.executemany(sql.DROP, [{"n": move.n} for move in moves])
    for move in moves:
        move.written(move.n)
