"""Brings obligations up to date without events: what a passing deadline decides, at every look; and once at start, then
hourly, everything that a crash or a lost wake-up left behind."""

from __future__ import annotations

import random

from services.notifications.known import KnownFacts
from services.notifications.metrics import REGISTRY_BEHIND
from services.notifications.obligations.behind import behind
from services.notifications.obligations.deadlines import microseconds
from services.notifications.obligations.ledger import Ledger
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.outdated import Outdated
from services.notifications.obligations.recount import Recount
from services.notifications.obligations.repositories import obligation_repository
from shared.clock import Clock, machine_seconds
from shared.ports.store import Range, Store
from shared.storage.batches import in_parallel

CHECK_EVERY = 3600.0  # seconds between two checks of everything
BEHIND_EVERY = 60.0  # seconds between two looks at what the registry has not told
_PAGE = 200
_BY_CLOSES = (("closes", 1),)  # in the order of the index, which then serves the range as well
RECOUNTS = 100  # obligations that one check recounts, at most one of each part


class Reconciliation:
    """Finds the obligations that are out of date and recomputes them. It compares state, so it may run at any time, in
    several processes at once."""

    def __init__(self, store: Store, known_facts: KnownFacts, ledger: Ledger, clock: Clock) -> None:
        self._store = store
        self._obligations = obligation_repository(store)
        self._ledger = ledger
        self._clock = clock
        self._outdated = Outdated(store, known_facts)
        self._recount = Recount(store, ledger, clock)
        self._checked_at = -CHECK_EVERY
        self._looked_at = -BEHIND_EVERY

    async def run(self) -> None:
        """What is due. Costs three queries that find nothing, unless a deadline has passed or an hour is over."""
        await self.check_deadlines()
        now = machine_seconds()
        if now - self._checked_at >= CHECK_EVERY:
            await self.check_everything()
            self._checked_at = machine_seconds()
        if now - self._looked_at >= BEHIND_EVERY:
            late = await behind(self._store, self._clock.now())
            REGISTRY_BEHIND.set(sum(each.agencies for each in late))
            self._looked_at = now

    async def check_deadlines(self) -> None:
        """Open obligations whose deadline has passed, and others whose deadline has not: it was moved, or the clock was
        set back."""
        now = microseconds(self._clock.now())
        await self._recompute(ObligationPhase.OPEN, Range(most=now))
        for phase in (ObligationPhase.REGISTRY, ObligationPhase.OVERDUE):
            await self._recompute(phase, Range(least=now + 1))

    async def check_everything(self) -> None:
        """Every agency must have an obligation of every year with a deadline, derived from the newest facts by the
        present rules. Streamed: the memory that it takes does not depend on how many there are."""
        recounts = 0
        async for part in self._outdated.parts():
            await in_parallel(part.outdated, lambda each: self._ledger.recompute(*each))
            await in_parallel(part.unproven, lambda each: self._ledger.prove(*each))
            if part.whole and recounts < RECOUNTS:
                recounts += 1
                await self._recount.check(*random.choice(part.whole))  # noqa: S311 - a sample, not a secret

    async def _recompute(self, phase: ObligationPhase, closes: Range) -> None:
        cursor: str | None = None
        while True:
            where = {"stands": phase.value, "closes": closes}
            page = await self._obligations.list(where, sort=_BY_CLOSES, limit=_PAGE, after=cursor)
            found = [each.value for each in page.items]
            await in_parallel(found, lambda each: self._ledger.recompute_entries(each.agency, each.year))
            cursor = page.after
            if cursor is None:
                return
