"""What the contract suite of the bus needs to know of an adapter: how to make buses of it, and its features."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shared.adapters.sqlite.bus import SqliteBus
from shared.contracts.subscriptions import Subscription
from shared.ports.bus import Bus


@dataclass(frozen=True)
class Features:
    """ladder: seconds of rest per rung in the tests; tells_oldest: `QueueState.oldest` is known; delivery_limit:
    redeliveries after crashes before a message is parked (None: too many to try here)."""

    ladder: tuple[float, ...]
    tells_oldest: bool
    delivery_limit: int | None


class BusMaker(Protocol):
    """Buses on one broker that is this test's own, or subscriptions whose names are."""

    features: Features

    def subscription(self, purpose: str, *types: str) -> Subscription:
        """A subscription with a service and types of this test alone (types get the service's name in front)."""

    async def apply(self, *subscriptions: Subscription) -> None:
        """Make their queues, rungs and bindings, as `satu topology apply` does."""

    async def open(self) -> Bus:
        """One more open bus: what another process would have."""

    async def delete_queue(self, subscription: Subscription) -> None:
        """Somebody deletes the queue."""

    async def vanish(self, bus: Bus) -> None:
        """The process of that bus is killed: its connection is gone, nothing was given back."""

    async def close(self) -> None:
        """Close all buses and remove what was made."""


def own_subscription(service: str, purpose: str, types: Iterable[str]) -> Subscription:
    """A subscription of a test: every type has the service's name in front."""
    return Subscription(service, purpose, frozenset(f"{service}.{type}" for type in types))


class SqliteBusMaker:
    """The embedded bus on one file."""

    features = Features(ladder=(0.05, 0.15), tells_oldest=True, delivery_limit=3)

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
        bus = SqliteBus(self.path, ladder=self.features.ladder, poll=0.02, watch=0.1, delivery_limit=3)
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
        await bus.vanish()

    async def close(self) -> None:
        for bus in self._buses:
            await bus.close()
