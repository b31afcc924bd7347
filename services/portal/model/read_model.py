"""The parts of the read model, as the composition root joins them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from services.portal.model.keeping.counting import EVERY as COUNT_EVERY
from services.portal.model.keeping.counting import Counting
from services.portal.model.keeping.following import Following
from services.portal.model.keeping.handlers import PURPOSE, Handlers
from services.portal.model.keeping.proving import EVERY as PROVE_EVERY
from services.portal.model.keeping.proving import Proving
from services.portal.model.keeping.writer import ModelWriter
from services.portal.model.model import Model
from services.portal.model.upkeep.mark import Marks
from services.portal.model.upkeep.upkeep import EVERY as UPKEEP_EVERY
from services.portal.model.upkeep.upkeep import Upkeep
from shared.contracts.subscriptions import subscription
from shared.messaging.handlers import Handler
from shared.runtime.service import Filling, Loop, Resources


class ReadModel:
    """model: what pages ask; left: see `Regional`; the other attributes: see `Service`."""

    def __init__(self, resources: Resources) -> None:
        store, taken = resources.store, subscription(f"portal.{PURPOSE}")
        counting = Counting(store)
        self.stopping = counting.stopping
        self._writer = ModelWriter(store, Following(store).by_kind(), written=counting.wake.set)
        marks = Marks(store)
        upkeep = Upkeep(marks, resources.bus, taken)
        self.model = Model(store, lambda: upkeep.freshness.in_business_time(resources.clock))
        self.handlers: Mapping[str, Mapping[str, Handler]] = Handlers(self._writer).by_purpose()
        self.before_taking: Mapping[str, Callable[[], Awaitable[None]]] = {PURPOSE: upkeep.look}
        self.loops: tuple[Loop, ...] = (
            Loop("counting", COUNT_EVERY, counting.run, counting.wake),
            Loop("proving", PROVE_EVERY, Proving(store, counting).run),
            Loop("upkeep", UPKEEP_EVERY, upkeep.run),
        )

        async def filled() -> None:
            await upkeep.filled()

        async def left(_region: str) -> None:
            await marks.begin()

        self.filling = Filling(taken, upkeep.wanted, filled)
        self.left: Callable[[str], Awaitable[None]] = left

    async def stop(self) -> None:
        """Write what waits; to be awaited before the store is closed."""
        await self._writer.stop()
