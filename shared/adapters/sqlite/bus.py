"""The embedded bus: a real small machine in one SQLite file on one host.

Durable (a publish returns after its commit), at least once, bytes in and bytes out, attempts, rungs, parking,
redelivery after a crash. It never runs a handler inside `publish`. New work is noticed in the same process at once,
from another process by a poll. Does not work on a network file system, and one busy process per file is its measure; a
second one (a command) may write now and then.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from shared.adapters.sqlite import bus_tables as sql
from shared.adapters.sqlite.bus_file import BusFile, reading
from shared.adapters.sqlite.bus_owner import forget, gone
from shared.adapters.sqlite.bus_receiver import SqliteReceiver, moment
from shared.adapters.sqlite.bus_tail import IS_TAIL, TAKEN_BY_OTHERS, TRIM, end_tails, tail, tails_of
from shared.clock import machine_ms, machine_seconds
from shared.contracts.subscriptions import Subscription
from shared.contracts.topology import RUNGS
from shared.faults import BusAway, QueueMissing, Unroutable
from shared.ports.bus import Parked, QueueState, Receiver

DELIVERY_LIMIT = 100
_PAGE = 100  # parked messages read at once


class SqliteBus:
    """See `shared.ports.bus.Bus`."""

    def __init__(
        self,
        path: Path,
        *,
        ladder: tuple[float, ...] = RUNGS,
        poll: float = 0.25,
        watch: float = 5.0,
        delivery_limit: int = DELIVERY_LIMIT,
    ) -> None:
        """ladder: seconds of rest on each rung; poll: seconds between two looks at what other processes wrote; watch:
        seconds between two looks whether another process has died; delivery_limit: redeliveries after crashes before a
        message is parked for it."""
        self._path = path
        self._ladder = ladder
        self._poll = poll
        self._watch = watch
        self._delivery_limit = delivery_limit
        self._numbers = itertools.count(1)
        self._receivers: set[SqliteReceiver] = set()
        self._file: BusFile | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._stirred = asyncio.Event()
        self._opening = asyncio.Lock()
        self._opening = asyncio.Lock()

    async def open(self) -> None:
        """See `shared.ports.bus.Bus`. Makes the file and its tables; frees what owners that are gone still hold."""
        async with self._opening:  # the services of one process share it, and all open it
            if self._file is not None:
                return
            file = BusFile(self._path)
            await file.open()
            self._file = file
            await self._free_what_the_dead_hold()
            self._keeping = asyncio.create_task(self._keep(), name="bus-keeper")

    async def close(self) -> None:
        """See `shared.ports.bus.Bus`. What its inboxes still hold comes back."""
        if self._file is None:
            return
        file = self._file
        for receiver in list(self._receivers):
            await receiver.close()
        self._receivers.clear()
        self._file = None
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])
        await file.close()

    async def vanish(self) -> None:
        """Leave as a killed process does: what is held stays marked as held, the owner's lock is free. For tests."""
        file, self._file = self._open_file(), None
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])
        await file.vanish()
        for receiver in list(self._receivers):
            await receiver.close()

    async def ping(self) -> None:
        """See `shared.ports.bus.Bus`: the file can be written, so a full disk does not answer."""
        await self._open_file().write(lambda db: db.execute(sql.BEAT))

    async def apply(self, subscriptions: Sequence[Subscription]) -> None:
        """Make the queues and bindings of the catalogue. A queue that it no longer names is unbound, and keeps what is
        in it. Raises BusAway."""
        bindings = [(type, each.name) for each in subscriptions for type in sorted(each.types)]

        def apply(db: sqlite3.Connection) -> None:
            db.executemany("INSERT OR IGNORE INTO queue VALUES (?)", [(each.name,) for each in subscriptions])
            db.execute(f"DELETE FROM binding WHERE NOT {IS_TAIL}")  # noqa: S608 - a constant of ours
            db.executemany("INSERT INTO binding VALUES (?, ?)", bindings)

        await self._open_file().write(apply)

    async def publish(self, type: str, id: str, body: bytes, *, mandatory: bool) -> None:
        """See `shared.ports.bus.Bus`."""

        def deliver(db: sqlite3.Connection) -> None:
            message = {"type": type, "id": id, "body": body, "now": machine_ms()}
            db.execute(sql.DELIVER, message)
            if mandatory and db.execute(TAKEN_BY_OTHERS, message).fetchone() is None:
                raise Unroutable(f"no queue takes {type}")
            db.execute(TRIM, message)

        await self._open_file().write(deliver)
        for receiver in self._receivers:
            if type in receiver.subscription.types:
                receiver.wake()

    def tail(self) -> AsyncIterator[bytes]:
        """See `shared.ports.bus.Tailing`."""
        return tail(self._open_file(), self._poll)

    async def receive(self, subscription: Subscription, *, prefetch: int) -> Receiver:
        """See `shared.ports.bus.Bus`."""
        file = self._open_file()
        self._require(file, subscription)
        receiver = SqliteReceiver(
            file,
            subscription,
            prefetch,
            owner=file.owner.id,
            number=next(self._numbers),
            ladder=self._ladder,
            delivery_limit=self._delivery_limit,
            rested=self._stir,
            left=self._receivers.discard,
        )
        self._receivers.add(receiver)
        return receiver

    async def state(self, subscription: Subscription) -> QueueState:
        """See `shared.ports.bus.Bus`."""
        file = self._open_file()
        self._require(file, subscription)
        queue = {"queue": subscription.name}
        with reading():
            (ready,) = file.reading.execute(sql.COUNT_READY, queue).fetchone()
            (parked,) = file.reading.execute(sql.COUNT_PARKED, queue).fetchone()
            oldest = file.reading.execute(sql.OLDEST, queue).fetchone()
        return QueueState(ready, parked, moment(oldest[0]) if oldest else None)

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

    async def unpark(self, subscription: Subscription, ids: frozenset[str], *, replay: bool) -> int:
        """See `shared.ports.bus.Bus`."""
        file = self._open_file()
        self._require(file, subscription)

        def unpark(db: sqlite3.Connection) -> int:
            moved = 0
            for id in sorted(ids):
                chosen = {"queue": subscription.name, "id": id, "now": machine_ms()}
                if replay:
                    db.execute(sql.REPLAY, chosen)
                moved += db.execute(sql.DISCARD, chosen).rowcount
            return moved

        moved = await file.write(unpark)
        self._wake_all()
        return moved

    def _open_file(self) -> BusFile:
        if self._file is None:
            raise BusAway("the bus is not open")
        return self._file

    def _require(self, file: BusFile, subscription: Subscription) -> None:
        with reading():
            if file.reading.execute(sql.KNOWN, {"queue": subscription.name}).fetchone() is None:
                raise QueueMissing(f"{subscription.name} does not exist")

    def _stir(self) -> None:
        self._stirred.set()

    def _wake_all(self) -> None:
        for receiver in self._receivers:
            receiver.wake()

    async def _keep(self) -> None:
        """Bring back what has rested, notice what others wrote, free what the dead hold."""
        seen, due, owners_at = -1, None, machine_seconds() + self._watch
        while True:
            rest = self._poll if due is None else min(self._poll, max(0.0, (due - machine_ms()) / 1000))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._stirred.wait()
            self._stirred.clear()
            try:
                file = self._open_file()
                with reading():
                    (version,) = file.reading.execute("PRAGMA data_version").fetchone()
                    (due,) = file.reading.execute(sql.NEXT_DUE).fetchone()
                if due is not None and due <= machine_ms():
                    await file.write(_bring_back)
                if machine_seconds() >= owners_at:
                    owners_at = machine_seconds() + self._watch
                    await self._free_what_the_dead_hold()
                if version != seen:
                    seen = version
                    self._wake_all()
            except BusAway:
                due = None  # a file that cannot be written for now is looked at again after a poll

    async def _free_what_the_dead_hold(self) -> None:
        file = self._open_file()
        with reading():
            others = [id for (id,) in file.reading.execute("SELECT id FROM owner") if id != file.owner.id]
        dead = [id for id in others if gone(self._path, id)]
        if not dead:
            return

        def free(db: sqlite3.Connection) -> None:
            for id in dead:
                db.execute(sql.GIVE_BACK_ALL, {"owner": id})
                end_tails(db, tails_of(id))
                db.execute("DELETE FROM owner WHERE id = ?", (id,))

        await file.write(free)
        for id in dead:
            forget(self._path, id)
        self._wake_all()


def _bring_back(db: sqlite3.Connection) -> None:
    now = {"now": machine_ms()}
    db.execute(sql.RETURN, now)
    db.execute(sql.RETURNED, now)
