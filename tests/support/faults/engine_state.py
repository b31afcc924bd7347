"""Reads the stores and buses of a running system directly, whatever its processes report."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass

from shared.adapters.rabbit.bus import RabbitBus
from shared.adapters.rabbit.receiver import queue_depth
from shared.contracts.subscriptions import SUBSCRIPTIONS, subscription
from shared.contracts.topology import RUNGS, rung_name
from shared.faults import Away
from shared.ports.bus import Bus, Parked
from shared.ports.store import OwedEvent, Store
from shared.runtime.engines import Engines, sqlite_path
from shared.runtime.installed import installed
from shared.runtime.process import opened_service
from shared.settings import Settings, load

SECONDS = 5.0


@dataclass(frozen=True)
class EngineState:
    """stores, buses: by service, open."""

    settings: Settings
    stores: Mapping[str, Store]
    buses: Mapping[str, Bus]

    async def unfinished(self) -> list[str]:
        """All work that waits, is retried or is parked, a line each. In-flight messages of a RabbitMQ consumer are
        visible only after the consumer has ended."""
        lines = [f"{name} owes" for name, store in self.stores.items() if await store.oldest_owed() is not None]
        for each in SUBSCRIPTIONS:
            state = await self.buses[each.service].state(each)
            if state.ready:
                lines.append(f"{each.name}: {state.ready} ready")
        return [
            *lines,
            *await self._waiting_for_retry(),
            *[f"parked: {each.fault}: {each.reason}" for each in await self.parked()],
        ]

    async def parked(self, name: str | None = None) -> list[Parked]:
        """Parked messages, of one subscription or of all."""
        wanted = SUBSCRIPTIONS if name is None else (subscription(name),)
        return [parked for each in wanted async for parked in self.buses[each.service].parked(each)]

    async def last_events(self, service: str, kind: str) -> list[OwedEvent]:
        """The newest event of each document of a kind."""
        events = [document["last_event"] async for document in self.stores[service].dump(kind)]
        return [OwedEvent(each["id"], each["type"], each["body"].encode(), each["region"]) for each in events if each]

    async def wait_until_idle(self, within: float = 60.0) -> None:
        """Wait until no work is unfinished."""
        until = time.monotonic() + within
        while True:
            try:
                left = await self.unfinished()
            except Away as away:
                left = [away.detail]
            if not left:
                return
            assert time.monotonic() < until, left
            await asyncio.sleep(0.1)

    async def _waiting_for_retry(self) -> list[str]:
        lines = []
        for name, bus in self.buses.items():
            if isinstance(bus, RabbitBus):
                if not any(each.service == name for each in SUBSCRIPTIONS):
                    continue
                rungs = [rung_name(name, number) for number in range(len(RUNGS))]
                depths = {rung: await queue_depth(bus._consuming, rung, SECONDS) for rung in rungs}
                lines += [f"{rung}: {depth} resting" for rung, depth in depths.items() if depth]
                continue
            file = sqlite_path(self.settings.bus_of(name))
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=SECONDS)) as connection:
                for table in ("waiting", "resting"):
                    [(depth,)] = connection.execute(f"SELECT count(*) FROM {table}")
                    if depth:
                        lines.append(f"bus: {depth} {table}")
            break  # the embedded services share one
        return lines


@asynccontextmanager
async def open_engines(environment: Mapping[str, str]) -> AsyncIterator[EngineState]:
    """Open the stores and buses that processes with this environment use."""
    settings = load(environment)
    engines = Engines(settings)
    stores: dict[str, Store] = {}
    buses: dict[str, Bus] = {}
    async with AsyncExitStack() as stack:
        for name in installed():
            world, _ = await stack.enter_async_context(opened_service(name, settings))
            stores[name], buses[name] = world.store, engines.bus(name)
            await buses[name].open()
            stack.push_async_callback(buses[name].close)
        yield EngineState(settings, stores, buses)
