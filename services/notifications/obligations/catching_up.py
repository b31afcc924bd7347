"""Recomputes the obligations of regions that have changed, or whose deadline has passed, outside of the handler: page
by page, as a region may have 20,000 agencies.

What was heard has a mark until all are done, and each obligation says which version of it it was derived from. So
whoever is killed, or runs at the same time, leaves or finds only what is still to be done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from services.notifications.known import KnownAgency, KnownDeadline, KnownFacts, KnownRegion
from services.notifications.obligations.ledger import Ledger
from shared.observability.failpoints import Failpoint, reach

_PAGE = 100  # agencies


class CatchingUp:
    """Brings the obligations of what is marked up to date. caught_up: called when those of a region are; event: set
    when some may be behind."""

    def __init__(self, known_facts: KnownFacts, ledger: Ledger, caught_up: Callable[[], None]) -> None:
        self.event = asyncio.Event()
        self._known_facts = known_facts
        self._ledger = ledger
        self._caught_up = caught_up

    async def run(self) -> None:
        """Everything that is behind. Costs two queries that find nothing, else what is left to do. A region that fails
        does not hold up the others; the first fault is raised in the end."""
        self.event.clear()
        faults: list[Exception] = []
        for code in await self._known_facts.regions_behind():
            region = await self._known_facts.region(code)
            if region is not None:
                await _keeping(faults, self._region(region))
        for passed in await self._known_facts.deadlines_behind():
            await _keeping(faults, self._passed(passed))
        if faults:
            raise faults[0]

    async def _passed(self, passed: KnownDeadline) -> None:
        await self._ledger.recompute_region(passed)
        await self._known_facts.caught_up(passed)

    async def _region(self, region: KnownRegion) -> None:
        """A newer version that arrives meanwhile keeps the mark, so that the next run begins again."""
        page: list[KnownAgency] = []
        async for agency in self._known_facts.agencies(region.value.code):
            page.append(agency)
            if len(page) == _PAGE:
                await self._ledger.recompute_all(page, region, only_behind=True)
                page = []
        await self._ledger.recompute_all(page, region, only_behind=True)
        reach(Failpoint.REGION_RECOMPUTED, f"region/{region.value.code}")
        await self._known_facts.caught_up(region)
        self._caught_up()


async def _keeping(faults: list[Exception], work: Awaitable[None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - it is raised after the others
        faults.append(error)
