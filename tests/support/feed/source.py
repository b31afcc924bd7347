"""Publishes the changes of many documents as the registry's relay does, some of them twice or late."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from shared.contracts.event import Event
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.faults import BusAway
from shared.ports.bus import Bus, SelfProvisioning
from shared.runtime.engines import Engines
from shared.settings import load
from tests.support.events import agency_event

SUBJECTS = 20


class Source:
    """newest: subject → its newest event, in the form of `Follower.bodies`; count: how many were published."""

    def __init__(self, bus: Bus, dice: random.Random) -> None:
        self._bus = bus
        self._dice = dice
        self._sequence = 1_000
        self._events: list[Event] = []
        self.newest: dict[str, str] = {}
        self.count = 0

    async def change(self, times: int) -> None:
        """Change random documents so often; one of five events is an old one again. Waits for a bus that is away."""
        for _ in range(times):
            if self._events and self._dice.random() < 0.2:
                await self._publish(self._dice.choice(self._events))
                continue
            self._sequence += 1
            event = agency_event(f"a{self._dice.randrange(SUBJECTS)}", self._sequence, f"Dinas {self._sequence}")
            self._events.append(event)
            self.newest[event.subject] = json.dumps(json.loads(event.encode()), sort_keys=True)
            await self._publish(event)

    async def again(self) -> None:
        """Publish the newest event of each document again, as a resync does."""
        newest = {event.subject: event for event in self._events}
        for event in newest.values():
            await self._publish(event)

    async def _publish(self, event: Event) -> None:
        while True:
            try:
                await self._bus.publish(event.type, event.id, event.region, event.encode(), mandatory=False)
            except BusAway:
                await asyncio.sleep(0.05)
            else:
                self.count += 1
                return


@asynccontextmanager
async def opened_source(environment: Mapping[str, str], dice: random.Random) -> AsyncIterator[Source]:
    """A source on the bus that processes with this environment use, as the registry's user."""
    bus = Engines(load(environment)).bus("registry")
    await bus.open()
    if isinstance(bus, SelfProvisioning):
        await bus.apply(SUBSCRIPTIONS)
    try:
        yield Source(bus, dice)
    finally:
        await bus.close()
