"""A filling that is under way when the process ends holds it up for no longer than a step."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from shared.contracts.subscriptions import subscription
from shared.ports.bus import QueueState
from shared.runtime.filling import Filler
from shared.runtime.service import Filling

LATEST = subscription("feed.latest")


class Bus:
    """Never empty, and swallows whatever cancels a look at it, as a client may."""

    def __init__(self) -> None:
        self.looks = 0
        self.looked = asyncio.Event()

    async def state(self, _: object) -> QueueState:
        """As of a bus."""
        self.looks += 1
        self.looked.set()
        try:
            await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            return QueueState(1, 0)
        return QueueState(1, 0)


@pytest.mark.parametrize("cancelled", [False, True], ids=["stopped", "cancelled, too"])
async def test_a_filler_that_waits_for_the_queue_ends_when_it_is_stopped(cancelled: bool) -> None:
    bus, done = Bus(), list[str]()

    async def wanted() -> str:
        return "all"

    async def filled() -> None:
        done.append("all")

    own: Any = SimpleNamespace(service=SimpleNamespace(name="feed"), resources=SimpleNamespace(bus=bus))
    filler = Filler(Filling(LATEST, wanted, filled), own, [])
    running = asyncio.create_task(filler.run())
    await bus.looked.wait()

    if cancelled:
        running.cancel()
    await filler.stop(5)
    async with asyncio.timeout(5):
        await asyncio.wait([running])

    assert running.done()
    assert done == [], "what was cut off is not declared done"
