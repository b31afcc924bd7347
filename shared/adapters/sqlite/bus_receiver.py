"""One open consumer on the embedded bus: holds up to `prefetch` messages of its queue, in memory."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable

from shared.adapters.arrivals import Arrivals
from shared.adapters.sqlite import bus_tables as sql
from shared.adapters.sqlite.bus_file import BusFile
from shared.adapters.sqlite.bus_held import HeldMessages
from shared.adapters.sqlite.bus_moves import Move, Moves
from shared.backoff import rest
from shared.clock import machine_ms
from shared.contracts.subscriptions import Subscription
from shared.faults import BusAway, Fault, QueueMissing
from shared.ports.bus import Delivery

_RETRY = 0.25  # seconds between two tries to fetch while the file cannot be written


class SqliteReceiver:
    """See `shared.ports.bus.Receiver`. A task of its own fetches, so that a cancelled `take` loses nothing."""

    def __init__(
        self,
        file: BusFile,
        moves: Moves,
        queue: HeldMessages,
        subscription: Subscription,
        prefetch: int,
        *,
        ladder: tuple[float, ...],
        rested: Callable[[], None],
        left: Callable[[SqliteReceiver], None],
    ) -> None:
        """queue: what all consumers of this queue hold; ladder: seconds of rest on each rung; rested: called when a
        message was put on a rung; left: called at close, and when messages are given back after it."""
        self.subscription = subscription
        self._file = file
        self._moves = moves
        self._queue = queue
        self._prefetch = prefetch
        self._ladder = ladder
        self._rested = rested
        self._left = left
        self._arrivals = Arrivals()
        self._held: set[int] = set()
        self._moving: set[int] = set()
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._fetching = asyncio.create_task(self._fetch(), name=f"receiver {subscription.name}")

    def wake(self) -> None:
        """There may be something new in the queue."""
        self._woken.set()

    async def take(self) -> Delivery:
        """See `shared.ports.bus.Receiver`."""
        return await self._arrivals.take()

    async def ack(self, delivery: Delivery) -> None:
        """See `shared.ports.bus.Receiver`."""
        await self._move(delivery)

    async def retry(self, delivery: Delivery, *, rung: int, counted: bool) -> None:
        """See `shared.ports.bus.Receiver`."""
        wait = round(self._ladder[rung] * 1000)
        await self._move(delivery, sql.REST, counted=int(counted), now=machine_ms(), wait=wait)
        self._rested()

    async def park(self, delivery: Delivery, *, reason: str, fault: str) -> None:
        """See `shared.ports.bus.Receiver`."""
        await self._move(delivery, sql.PARK, reason=reason, fault=fault, now=machine_ms())

    async def cancel(self) -> list[Delivery]:
        """See `shared.ports.bus.Receiver`."""
        self._stop(BusAway(f"the consumer of {self.subscription.name} is cancelled"))
        return self._arrivals.withdraw()

    async def close(self) -> None:
        """See `shared.ports.bus.Receiver`. Writes nothing: what is held is given back in memory, and what no `take`
        returned does not count as delivered. A move that is not written yet goes on."""
        fetched = {int(each.tag) for each in await self.cancel()}
        self._queue.give_back(fetched, handled=False)
        self._queue.give_back(self._held - fetched, handled=True)
        self._held.clear()
        self._left(self)

    async def _move(self, delivery: Delivery, statement: str | None = None, **how: object) -> None:
        n = int(delivery.tag)
        if n not in self._held:
            raise BusAway(f"message {delivery.message_id} is no longer held by this consumer")
        self._held.remove(n)
        self._moving.add(n)
        written = self._moves.carry_out(Move(n, self._moving.discard, self._moved, statement, how))
        self._woken.set()  # only now: the fetch that uses the room then joins the commit of the move, after it
        await written

    def _moved(self, n: int) -> None:
        self._moving.discard(n)
        self._queue.moved(n)

    def _stop(self, fault: Fault) -> None:
        self._arrivals.end(fault)
        self._woken.set()
        self._stopping.set()

    async def _fetch(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                fetched = await self._fetch_some() if len(self._held) < self._prefetch else []
            except QueueMissing as fault:
                self._stop(fault)
            except BusAway as fault:
                if self._file.closed:
                    self._stop(fault)
                await rest(_RETRY, self._stopping)
            except Exception as error:  # noqa: BLE001 - else `take` would wait for ever
                self._stop(BusAway(f"fetching from {self.subscription.name}: {type(error).__name__}: {error}"))
            else:
                if not fetched:
                    await self._woken.wait()

    async def _fetch_some(self) -> list[Delivery]:
        picked: list[Delivery] = []

        def pick(db: sqlite3.Connection) -> None:
            room = self._prefetch - len(self._held) - len(self._moving)
            if room > 0:
                picked.extend(self._queue.pick(db, room))

        try:
            await self._file.write(pick, atomic=True, synced=False)
        except BaseException:
            self._queue.give_back((int(each.tag) for each in picked), handled=False)
            raise
        if not picked:
            return picked
        self._queue.marked(picked)
        if self._stopping.is_set():
            self._queue.give_back((int(each.tag) for each in picked), handled=False)
            self._left(self)
            return picked
        self._held.update(int(each.tag) for each in picked)
        self._arrivals.add(picked)
        return picked
