"""Shared by the tests of relay and consumer: a store and a bus in one folder, and waiting for a condition."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from shared.adapters.sqlite.bus import DELIVERY_LIMIT, SqliteBus
from shared.adapters.sqlite.store import SqliteStore
from shared.contracts.contract import Payload
from shared.contracts.event import Event
from shared.contracts.event_types import types_of
from shared.contracts.subscriptions import Subscription
from shared.ports.bus import Parked
from shared.ports.store import Decision, Kind, State

SOON = 15.0  # seconds within which any condition here must hold
LADDER = (0.05, 0.1)
AGENCIES = Subscription("tests", "agencies", types_of("agency"))
KIND = Kind("agency")
SEEN = Kind("seen")


class Runnable(Protocol):
    async def run(self) -> None: ...
    async def stop(self) -> None: ...


@asynccontextmanager
async def running(part: Runnable) -> AsyncIterator[None]:
    """Run `part` during the block."""
    task = asyncio.create_task(part.run())
    try:
        yield
    finally:
        await part.stop()
        async with asyncio.timeout(SOON):
            await task


@asynccontextmanager
async def opened_bus(folder: Path, delivery_limit: int = DELIVERY_LIMIT) -> AsyncIterator[SqliteBus]:
    bus = SqliteBus(folder / "bus.sqlite", ladder=LADDER, poll=0.02, delivery_limit=delivery_limit)
    await bus.open()
    await bus.apply([AGENCIES])
    try:
        yield bus
    finally:
        await bus.close()


@asynccontextmanager
async def opened_store(folder: Path, name: str = "store") -> AsyncIterator[SqliteStore]:
    store = SqliteStore(folder / f"{name}.sqlite")
    await store.open([KIND, SEEN])
    try:
        yield store
    finally:
        await store.close()


async def eventually(condition: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> None:
    """Wait until the condition holds; fails when it does not in time."""
    async with asyncio.timeout(SOON):
        while True:
            holds = condition()
            if holds if isinstance(holds, bool) else await holds:
                return
            await asyncio.sleep(0.005)


async def parked_of(bus: SqliteBus) -> list[Parked]:
    return [each async for each in bus.parked(AGENCIES)]


def keep_newer(event: Event, payload: Payload) -> Callable[[State | None], Decision]:
    """The decision of a typical handler: keep the newer state of the subject."""

    def decide(state: State | None) -> Decision:
        if state is not None and state["sequence_seen"] >= event.number:
            return None
        return {"sequence_seen": event.number, "data": payload.model_dump(mode="json")}, None

    return decide
