"""Keeps bounded queues within their bound: what is too much is dropped from their oldest end, and counted.

Adding up the sizes of 100,000 messages takes 100 ms, so each process remembers what it has found and added. That holds
as long as nothing was taken out, which a count of the messages tells in 3 ms, and only when the bound seems passed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from shared.adapters.sqlite import bus_tables as sql
from shared.contracts.topology import BOUNDED_BYTES, BOUNDED_LENGTH

_ROOM = 100  # a drop leaves a hundredth of the bound free, so that the next messages drop nothing


@dataclass(frozen=True)
class Bound:
    """The most that a bounded queue holds, in messages and in bytes of their bodies."""

    messages: int = BOUNDED_LENGTH
    size: int = BOUNDED_BYTES


@dataclass
class Filling:
    """How much is in a queue, or may be at most."""

    messages: int
    size: int

    def passes(self, bound: Bound) -> bool:
        """Whether it is more than the bound."""
        return self.messages > bound.messages or self.size > bound.size


class Bounds:
    """The bounded queues of one open bus."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._after_drop = Bound(bound.messages - bound.messages // _ROOM, bound.size - bound.size // _ROOM)
        self._fillings: dict[str, Filling] = {}

    def keep(self, db: sqlite3.Connection, added: Mapping[str, Filling]) -> None:
        """Drop what is too much, within the write transaction that has added that much to these queues."""
        for queue, more in added.items():
            filling = self._fillings.get(queue)
            if filling is None:
                filling = self._fillings[queue] = _filling(db, queue)
            else:
                filling.messages += more.messages
                filling.size += more.size
            if filling.passes(self._bound):
                self._drop(db, queue)

    def is_full(self, db: sqlite3.Connection, queue: str, ready: int) -> bool:
        """Whether it is as full as it is after a drop, or more. ready: how many messages are ready in it."""
        if ready >= self._after_drop.messages:
            return True
        filling = self._fillings.get(queue)
        return filling is not None and filling.passes(self._after_drop) and _filling(db, queue).passes(self._after_drop)

    def _drop(self, db: sqlite3.Connection, queue: str) -> None:
        filling = self._fillings[queue]
        (messages,) = db.execute(sql.COUNT, {"queue": queue}).fetchone()
        if messages != filling.messages:
            filling = self._fillings[queue] = _filling(db, queue)
        if not filling.passes(self._bound):
            return
        before, upto = filling.messages, 0
        for n, size in db.execute(sql.SIZES, {"queue": queue}):
            if not filling.passes(self._after_drop):
                break
            upto = n
            filling.messages -= 1
            filling.size -= size
        db.execute(sql.DROP_OLDEST, {"queue": queue, "upto": upto})
        db.execute(sql.COUNT_DROPPED, {"queue": queue, "dropped": before - filling.messages})


def _filling(db: sqlite3.Connection, queue: str) -> Filling:
    return Filling(*db.execute(sql.FILLING, {"queue": queue}).fetchone())
