"""A bus that records what the relay publishes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from shared.faults import BusAway
from shared.ports.bus import Fate, Outgoing


class RecordingBus:
    """Records what is published, while `gate` is set; `away` fails it. in_flight: ids, to see that none is twice."""

    def __init__(self) -> None:
        self.published: list[str] = []
        self.in_flight: list[str] = []
        self.twice: set[str] = set()
        self.gate = asyncio.Event()
        self.gate.set()
        self.away = False
        self.stuck = ""  # a type that is not confirmed

    async def open(self) -> None:
        pass

    async def ping(self) -> None:
        if self.away:
            raise BusAway("no answer")

    async def publish_many(self, events: Sequence[Outgoing]) -> list[Fate]:
        ids = [each.id for each in events]
        self.twice.update(id for id in ids if id in self.in_flight)
        self.in_flight += ids
        await self.gate.wait()
        if self.stuck in {each.type for each in events}:
            await asyncio.Event().wait()
        for id in ids:
            self.in_flight.remove(id)
        if self.away:
            return [BusAway("no confirm")] * len(ids)
        self.published += ids
        return [None] * len(ids)
