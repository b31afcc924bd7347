"""One open consumer on the embedded bus: holds up to `prefetch` messages of its queue."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from shared.adapters.sqlite import bus_tables as sql
from shared.adapters.sqlite.bus_file import BusFile
from shared.clock import machine_ms
from shared.contracts.subscriptions import Subscription
from shared.faults import BusAway, Fault, QueueMissing
from shared.ports.bus import Delivery

DELIVERY_LIMIT_REASON = "delivery-limit"


class SqliteReceiver:
    """See `shared.ports.bus.Receiver`. A task of its own fetches, so that a cancelled `take` loses nothing."""

    def __init__(
        self,
        file: BusFile,
        subscription: Subscription,
        prefetch: int,
        *,
        owner: str,
        number: int,
        ladder: tuple[float, ...],
        delivery_limit: int,
        rested: Callable[[], None],
        left: Callable[[SqliteReceiver], None],
    ) -> None:
        """number: of this inbox within its owner; rested: called when a message was put on a rung or given back; left:
        called at close."""
        self.subscription = subscription
        self._file = file
        self._prefetch = prefetch
        self._mark = {"owner": owner, "inbox": number}
        self._ladder = ladder
        self._delivery_limit = delivery_limit
        self._rested = rested
        self._left = left
        self._fetched: deque[Delivery] = deque()
        self._held = 0
        self._trouble: Fault | None = None
        self._woken = asyncio.Event()
        self._arrived = asyncio.Event()
        self._fetching = asyncio.create_task(self._fetch(), name=f"inbox {subscription.name}")

    def wake(self) -> None:
        """There may be something new in the queue."""
        self._woken.set()

    async def take(self) -> Delivery:
        """See `shared.ports.bus.Receiver`."""
        while not self._fetched:
            if self._trouble is not None:
                raise self._trouble
            self._arrived.clear()
            await self._arrived.wait()
        return self._fetched.popleft()

    async def ack(self, delivery: Delivery) -> None:
        """See `shared.ports.bus.Receiver`."""
        await self._let_go(delivery)

    async def retry(self, delivery: Delivery, *, rung: int, counted: bool) -> None:
        """See `shared.ports.bus.Receiver`."""
        now = machine_ms()
        due = now + round(self._ladder[rung] * 1000)
        await self._let_go(delivery, sql.REST, {"counted": int(counted), "now": now, "due": due})
        self._rested()

    async def park(self, delivery: Delivery, *, reason: str, fault: str) -> None:
        """See `shared.ports.bus.Receiver`."""
        await self._let_go(delivery, sql.PARK, {"reason": reason, "fault": fault, "now": machine_ms()})

    async def cancel(self) -> list[Delivery]:
        """See `shared.ports.bus.Receiver`."""
        await self._stop(BusAway(f"the consumer of {self.subscription.name} is cancelled"))
        left = list(self._fetched)
        self._fetched.clear()
        return left

    async def close(self) -> None:
        """See `shared.ports.bus.Receiver`. Messages that nobody took do not count as delivered."""
        self._left(self)
        untaken = await self.cancel()

        def give_back(connection: sqlite3.Connection) -> None:
            for delivery in untaken:
                connection.execute(sql.GIVE_BACK_UNTAKEN, {"n": int(delivery.tag), **self._mark})
            connection.execute(sql.GIVE_BACK, self._mark)

        if self._held:
            self._held = 0
            try:
                await self._file.write(give_back)
            except BusAway:
                return  # what is held stays with its owner, and comes back when the owner is gone
        self._rested()

    async def _let_go(self, delivery: Delivery, move: str | None = None, how: dict[str, Any] | None = None) -> None:
        mine = {"n": int(delivery.tag), **self._mark}

        def let_go(connection: sqlite3.Connection) -> None:
            if move is not None:
                connection.execute(move, {**mine, **(how or {})})
            if connection.execute(sql.ACK, mine).rowcount != 1:
                raise BusAway(f"message {delivery.message_id} is no longer held by this inbox")

        await self._file.write(let_go)
        self._held -= 1
        self._woken.set()

    async def _stop(self, trouble: Fault) -> None:
        self._trouble = self._trouble or trouble
        self._arrived.set()
        if not self._fetching.done():
            self._woken.set()
            await asyncio.wait([self._fetching])

    async def _fetch(self) -> None:
        while self._trouble is None:
            self._woken.clear()
            room = self._prefetch - self._held
            try:
                fetched = await self._file.write(partial(self._hold, room)) if room > 0 else []
            except (QueueMissing, BusAway) as trouble:
                self._trouble = trouble
                self._arrived.set()
                return
            if fetched:
                self._held += len(fetched)
                self._fetched.extend(fetched)
                self._arrived.set()
            else:
                await self._woken.wait()

    def _hold(self, room: int, connection: sqlite3.Connection) -> list[Delivery]:
        queue = {"queue": self.subscription.name}
        if connection.execute(sql.KNOWN, queue).fetchone() is None:
            raise QueueMissing(f"{self.subscription.name} does not exist")
        held = []
        for row in connection.execute(sql.READY, {**queue, "most": room}).fetchall():
            n, message_id, routing_key, body, attempt, first_at, deliveries = row
            if deliveries > self._delivery_limit:
                worn_out = {"n": n, "reason": DELIVERY_LIMIT_REASON, "now": machine_ms()}
                connection.execute(sql.PARK_WORN_OUT, worn_out)
                connection.execute(sql.DROP, {"n": n})
                continue
            connection.execute(sql.HOLD, {"n": n, **self._mark})
            first = moment(first_at)
            held.append(Delivery(str(n), message_id, routing_key, body, attempt, first, redelivered=deliveries > 0))
        return held


def moment(milliseconds: int | None) -> datetime | None:
    """Milliseconds since the epoch as an aware datetime in UTC."""
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
