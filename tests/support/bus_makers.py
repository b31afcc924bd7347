"""How the contract suite of the bus makes the buses of one adapter, and which features that adapter has."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shared.adapters.sqlite.bus import SqliteBus
from shared.adapters.sqlite.bus_bounds import Bound
from shared.contracts.subscriptions import Subscription
from shared.ports.bus import Bus


@dataclass(frozen=True)
class Features:
    """ladder: seconds of rest per rung in the tests; tells_oldest: `QueueState.oldest` is known; many_receive: several
    processes may receive from one queue at once; delivery_limit: redeliveries after crashes before a message is parked
    (None: too many to try here); counts_dropped: `QueueState.dropped` is known."""

    ladder: tuple[float, ...]
    tells_oldest: bool
    many_receive: bool
    delivery_limit: int | None
    counts_dropped: bool


BOUND = 10
"""Messages that the queue of a subscription that can be rebuilt holds in the tests."""


class BusMaker(Protocol):
    """Makes buses on one broker. The broker, or the names of its queues, belong to one test."""

    features: Features

    def subscription(self, purpose: str, *types: str) -> Subscription:
        """A subscription with a service and types of this test alone; types are prefixed with the service's name."""

    async def apply(self, *subscriptions: Subscription) -> None:
        """Create their queues, rungs and bindings, as `satu topology apply` does."""

    async def open(self) -> Bus:
        """One more open bus, as another process would have it."""

    async def delete_queue(self, subscription: Subscription) -> None:
        """Delete the queue behind the bus's back."""

    async def vanish(self, bus: Bus) -> None:
        """End the bus as a kill of its process does: its connection is gone, nothing was given back."""

    async def close(self) -> None:
        """Close all buses and remove what was created."""


def own_subscription(service: str, purpose: str, types: Iterable[str]) -> Subscription:
    """A subscription of a test; every type is prefixed with the service's name."""
    return Subscription(service, purpose, frozenset(f"{service}.{type}" for type in types))


async def vanish(bus: SqliteBus) -> None:
    """Close the bus as a kill of its process does: its lock is released, its clean end is not written."""

    def nothing(db: sqlite3.Connection) -> None:
        pass

    bus._end_cleanly = nothing  # type: ignore[method-assign]
    await bus.close()


class SqliteBusMaker:
    """The embedded bus on one file."""

    features = Features(
        ladder=(0.05, 0.15), tells_oldest=True, many_receive=False, delivery_limit=3, counts_dropped=True
    )

    def __init__(self, folder: Path) -> None:
        self.path = folder / "bus.sqlite"
        self._service = f"t{secrets.token_hex(4)}"
        self._buses: list[SqliteBus] = []

    def subscription(self, purpose: str, *types: str) -> Subscription:
        return own_subscription(self._service, purpose, types)

    async def apply(self, *subscriptions: Subscription) -> None:
        bus = await self.open()
        await bus.apply(subscriptions)

    async def open(self) -> SqliteBus:
        bus = SqliteBus(self.path, ladder=self.features.ladder, poll=0.02, delivery_limit=3, bound=Bound(BOUND))
        await bus.open()
        self._buses.append(bus)
        return bus

    async def delete_queue(self, subscription: Subscription) -> None:
        with sqlite3.connect(self.path) as db:
            for table in ("waiting", "resting", "binding"):
                db.execute(f"DELETE FROM {table} WHERE queue = ?", (subscription.name,))
            db.execute("DELETE FROM queue WHERE name = ?", (subscription.name,))
        db.close()

    async def vanish(self, bus: Bus) -> None:
        assert isinstance(bus, SqliteBus)
        self._buses.remove(bus)
        await vanish(bus)

    async def close(self) -> None:
        for bus in self._buses:
            await bus.close()
