"""Recounts an obligation from all its entries: proves that the few which the queries gave are the right ones."""

from __future__ import annotations

import structlog
from prometheus_client import Counter

from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.ledger import Ledger
from services.notifications.obligations.news import obligation_id
from services.notifications.obligations.obligation import derive
from services.notifications.obligations.repositories import obligation_repository
from services.notifications.obligations.selection import recounted
from shared.clock import Clock
from shared.observability.metrics import REGISTRY
from shared.ports.store import Store

MOST = 5_000  # entries of one recount

RECOUNTS = Counter("satu_ledger_recounts_total", "Obligations recounted by result", ["result"], registry=REGISTRY)

log = structlog.get_logger("ledger")


class Recount:
    """Recounts obligations of one store. It reads entries in pages and changes nothing itself."""

    def __init__(self, store: Store, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._obligations = obligation_repository(store)
        self._entries = EntryRepository(store)

    async def check(self, agency: str, year: int) -> bool:
        """Whether the obligation is as all its entries say; if not at first, it is recomputed and recounted. Of one
        with more than MOST entries nothing is said."""
        right = await self._is_right(agency, year)
        if not right:
            await self._ledger.recompute(agency, year)
            RECOUNTS.labels("recomputed").inc()
            right = await self._is_right(agency, year)
        if right:
            RECOUNTS.labels("right").inc()
        else:
            RECOUNTS.labels("wrong").inc()
            log.error("ledger.recount-differs", obligation=obligation_id(agency, year))
        return right

    async def _is_right(self, agency: str, year: int) -> bool:
        found = await self._obligations.find(obligation_id(agency, year))
        entries = await self._entries.of_year(agency, year, MOST)
        if found is None or entries is None:
            return True
        stored = found.value
        outcome = derive(stored.facts, recounted(entries, stored.facts), self._clock.now())
        return ObligationDocument.of(stored.facts, outcome, stored) == stored
