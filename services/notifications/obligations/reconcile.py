"""Brings all obligations up to date without events: an agency that submits nothing gets its obligation, it becomes
overdue on the region's local day, and what a crash left unfinished is finished."""

from __future__ import annotations

from datetime import date

from services.notifications.kinds import EXEMPTION, OBLIGATION
from services.notifications.known import KnownFacts, KnownRegion
from services.notifications.obligations.deadlines import local_date, obligation_years
from services.notifications.obligations.ledger import Ledger, obligation_id
from services.notifications.obligations.obligation import ObligationPhase
from shared.clock import Clock
from shared.ports.store import Range, Store, Where
from shared.storage.batches import in_batches, in_parallel

_SEQUENCES = ("facts.agency.heard", "facts.region.heard", "facts.exemption.heard")


class Reconciliation:
    """Finds the obligations that are out of date and recomputes them. It compares state, so it may run at any time."""

    def __init__(self, store: Store, known_facts: KnownFacts, ledger: Ledger, clock: Clock) -> None:
        self._store = store
        self._known_facts = known_facts
        self._ledger = ledger
        self._clock = clock

    async def run(self) -> None:
        """Check every region, one at a time, and the obligations that lack a fact."""
        await self._recompute({"stands": ObligationPhase.UNKNOWN.value})
        async for known in self._known_facts.regions():
            await self._check_deadlines(known, local_date(self._clock.now(), known.value.zone))
            for year in obligation_years(known.value):
                await self._check_agencies(known, year)

    async def _check_deadlines(self, known: KnownRegion, today: date) -> None:
        """Open obligations whose deadline has passed, and overdue ones whose deadline has not (it was moved, or the
        clock was set back)."""
        passed = {"stands": ObligationPhase.OPEN.value, "deadline": Range(below=today.isoformat())}
        to_come = {"stands": ObligationPhase.OVERDUE.value, "deadline": Range(least=today.isoformat())}
        for where in (passed, to_come):
            await self._recompute({"region": known.value.code, **where})

    async def _check_agencies(self, known: KnownRegion, year: int) -> None:
        """Every agency of the region must have an obligation of the year, derived from the newest facts."""
        code = known.value.code
        exemptions = {row.id: row.sequence async for row in self._store.scan(EXEMPTION.name, {"region": code}, ())}
        used = {
            row.id: tuple(row[field] for field in _SEQUENCES)
            async for row in self._store.scan(OBLIGATION.name, {"region": code, "year": year}, _SEQUENCES)
        }
        outdated: list[str] = []
        for agency, sequence in (await self._known_facts.agency_sequences(code)).items():
            id = obligation_id(agency, year)
            if used.get(id) != (sequence, known.sequence, exemptions.get(id)):
                outdated.append(agency)
        await in_parallel(outdated, lambda agency: self._ledger.recompute(agency, year))

    async def _recompute(self, where: Where) -> None:
        async for rows in in_batches(self._store.scan(OBLIGATION.name, where, ("agency", "year"))):
            await in_parallel(rows, lambda row: self._ledger.recompute(row["agency"], row["year"]))
