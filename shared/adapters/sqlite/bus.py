"""The embedded bus: durable queues in one SQLite file on one host, without a broker.

A publish returns after its commit. Delivery is at least once, with attempts, rungs, parking, and redelivery after a
crash. `publish` never runs a handler. Any number of processes may publish, tail, and inspect or move parked messages;
only one may receive, and what its consumers hold is in its memory (`bus_held.py`). New messages are noticed in the same
process at once, from another process by a poll. Does not work on a network file system.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from pathlib import Path

from shared.adapters.sqlite import bus_tables as sql
from shared.adapters.sqlite.bus_bounds import Bound, Bounds
from shared.adapters.sqlite.bus_delivery import deliver
from shared.adapters.sqlite.bus_file import BusFile, reading
from shared.adapters.sqlite.bus_held import HeldMessages, count_unclean_end, moment
from shared.adapters.sqlite.bus_keeper import Keeper
from shared.adapters.sqlite.bus_moves import Moves, write
from shared.adapters.sqlite.bus_receiver import SqliteReceiver
from shared.adapters.sqlite.bus_tail import IS_TAIL, tail
from shared.clock import machine_ms
from shared.contracts.subscriptions import Subscription
from shared.contracts.topology import RUNGS
from shared.faults import BusAway, QueueMissing
from shared.ports.bus import Fate, Outgoing, Parked, QueueState, Receiver

BOUND = Bound()
DELIVERY_LIMIT = 100
_PAGE = 100  # parked messages read at once
_UNPARK_AT_ONCE = 200  # ids in one transaction, for which another process has to wait
_UNPARK_GAP = 0.005  # seconds between two of them, in which other processes write


class SqliteBus:
    """See `shared.ports.bus.Bus`."""

    def __init__(
        self,
        path: Path,
        *,
        ladder: tuple[float, ...] = RUNGS,
        poll: float = 0.25,
        delivery_limit: int = DELIVERY_LIMIT,
        bound: Bound = BOUND,
    ) -> None:
        """ladder: seconds of rest on each rung; poll: seconds between two looks at what other processes wrote;
        delivery_limit: unclean ends of the process that a held message may see before it is parked; bound: of the
        queues of subscriptions that can be rebuilt."""
        self._path = path
        self._ladder = ladder
        self._poll = poll
        self._delivery_limit = delivery_limit
        self._bounds = Bounds(bound)
        self._receivers: set[SqliteReceiver] = set()
        self._held: dict[str, HeldMessages] = {}
        self._file: BusFile | None = None
        self._moves: Moves
        self._keeper: Keeper
        self._stirred = asyncio.Event()
        self._opening = asyncio.Lock()

    async def open(self) -> None:
        """See `shared.ports.bus.Bus`. Creates the file and its tables, or converts a file of the former schema."""
        async with self._opening:  # the services of one process share the bus, and each of them opens it
            if self._file is not None:
                return
            file = BusFile(self._path)
            await file.open()
            self._held.clear()
            self._moves = Moves(file, self._stirred.set)
            self._keeper = Keeper(file, self._moves, self._poll, self._wake_all, self._stirred)
            self._file = file

    async def close(self) -> None:
        """See `shared.ports.bus.Bus`. What its consumers still hold is ready again for the next process."""
        if self._file is None:
            return
        file, self._file = self._file, None
        for receiver in list(self._receivers):
            await receiver.close()
        await self._keeper.stop()
        await self._moves.finish()
        await file.close(self._end_cleanly)

    async def ping(self) -> None:
        """See `shared.ports.bus.Bus`: the file can be written, so a full disk does not answer."""
        file = self._open_file()
        if not self._keeper.works:
            raise BusAway("the bus's keeper has ended; the process must be started again")
        await file.write(lambda db: db.execute(sql.BEAT))

    async def apply(self, subscriptions: Sequence[Subscription]) -> None:
        """Create the queues and bindings of the catalogue. A queue that it no longer names is unbound, and keeps its
        messages. Raises BusAway."""
        bindings = [(type, each.name) for each in subscriptions for type in sorted(each.types)]

        def apply(db: sqlite3.Connection) -> None:
            db.executemany(sql.ADD_QUEUE, [(each.name, each.rebuilt) for each in subscriptions])
            db.execute(f"DELETE FROM binding WHERE NOT {IS_TAIL}")  # noqa: S608 - a constant of ours
            db.executemany("INSERT INTO binding VALUES (?, ?)", bindings)

        await self._open_file().write(apply)

    async def publish(self, type: str, id: str, region: str, body: bytes, *, mandatory: bool) -> None:
        """See `shared.ports.bus.Bus`."""
        (fate,) = await self.publish_many([Outgoing(type, id, region, body, mandatory)])
        if fate is not None:
            raise fate

    async def publish_many(self, events: Sequence[Outgoing]) -> list[Fate]:
        """See `shared.ports.bus.Bus`. All are written in one commit."""
        try:
            file = self._open_file()
            types = {each.type for each in events}
            for receiver in self._receivers:
                if not types.isdisjoint(receiver.subscription.types):
                    receiver.wake()  # its fetch comes after this write, and joins the same commit
            return await file.write(partial(deliver, events=events, bounds=self._bounds), atomic=True)
        except BusAway as fault:
            return [fault] * len(events)

    def tail(self) -> AsyncIterator[bytes]:
        """See `shared.ports.bus.Tailing`."""
        return tail(self._open_file(), self._poll)

    async def receive(self, subscription: Subscription, *, prefetch: int) -> Receiver:
        """See `shared.ports.bus.Bus`. Raises BusAway also while another process receives from the file."""
        file = self._open_file()
        self._require(file, subscription)
        await file.claim(partial(count_unclean_end, most=self._delivery_limit))
        if file is not self._file:
            raise BusAway("the bus was closed")
        queue = self._held.setdefault(subscription.name, HeldMessages(subscription.name))
        receiver = SqliteReceiver(
            file,
            self._moves,
            queue,
            subscription,
            prefetch,
            ladder=self._ladder,
            rested=self._stirred.set,
            left=self._left,
        )
        self._receivers.add(receiver)
        return receiver

    async def state(self, subscription: Subscription) -> QueueState:
        """See `shared.ports.bus.Bus`. A process that does not receive counts what the other holds as ready."""
        file = self._open_file()
        self._require(file, subscription)
        queue = self._held.get(subscription.name, HeldMessages(subscription.name))
        with reading():
            (ready,) = file.reading.execute(sql.COUNT_READY, queue.criteria()).fetchone()
            oldest = file.reading.execute(sql.OLDEST_READY, queue.criteria()).fetchone()
            (parked,) = file.reading.execute(sql.COUNT_PARKED, {"queue": subscription.name}).fetchone()
            bounded, dropped = file.reading.execute(sql.DROPPED, {"queue": subscription.name}).fetchone()
            full = bool(bounded) and self._bounds.is_full(file.reading, subscription.name, ready)
        since = moment(oldest[0]) if oldest else None
        return QueueState(ready, parked, since, held=len(queue.places), full=full, dropped=dropped)

    async def parked(self, subscription: Subscription) -> AsyncIterator[Parked]:
        """See `shared.ports.bus.Bus`."""
        after = 0
        while True:
            file = self._open_file()
            self._require(file, subscription)
            with reading():
                page = {"queue": subscription.name, "after": after, "most": _PAGE}
                rows = file.reading.execute(sql.PARKED, page).fetchall()
            if not rows:
                return
            for n, id, body, reason, fault, attempt, first_at, last_at in rows:
                after = n
                yield Parked(id, body, reason, fault, attempt, moment(first_at), moment(last_at))

    async def unpark(
        self,
        subscription: Subscription,
        ids: frozenset[str],
        *,
        replay: bool,
        progress: Callable[[int], None] = lambda _: None,
    ) -> int:
        """See `shared.ports.bus.Bus`."""
        file = self._open_file()
        self._require(file, subscription)
        wanted, moved = sorted(ids), 0
        for start in range(0, len(wanted), _UNPARK_AT_ONCE):
            if start:
                await asyncio.sleep(_UNPARK_GAP)
            batch = wanted[start : start + _UNPARK_AT_ONCE]
            moved += await file.write(partial(_unpark, queue=subscription.name, ids=batch, replay=replay))
            self._wake_all()
            progress(moved)
        return moved

    async def empty(self, subscriptions: Sequence[Subscription]) -> None:
        """See `shared.ports.bus.SelfProvisioning`."""
        queues = [{"queue": each.name} for each in subscriptions]

        def empty(db: sqlite3.Connection) -> None:
            for statement in sql.EMPTY:
                db.executemany(statement, queues)

        await self._open_file().write(empty)

    def _open_file(self) -> BusFile:
        if self._file is None:
            raise BusAway("the bus is not open")
        return self._file

    def _require(self, file: BusFile, subscription: Subscription) -> None:
        with reading():
            if file.reading.execute(sql.KNOWN, {"queue": subscription.name}).fetchone() is None:
                raise QueueMissing(f"{subscription.name} does not exist")

    def _end_cleanly(self, db: sqlite3.Connection) -> None:
        write(db, list(self._moves.pending.values()))
        db.execute(sql.CLEAR_MARKS)

    def _left(self, receiver: SqliteReceiver) -> None:
        self._receivers.discard(receiver)
        self._wake_all()  # what it gave back is for the others

    def _wake_all(self) -> None:
        for receiver in self._receivers:
            receiver.wake()


def _unpark(db: sqlite3.Connection, queue: str, ids: list[str], *, replay: bool) -> int:
    moved = 0
    for id in ids:
        chosen = {"queue": queue, "id": id, "now": machine_ms()}
        if replay:
            db.execute(sql.REPLAY, chosen)
        moved += db.execute(sql.DISCARD, chosen).rowcount
    return moved
