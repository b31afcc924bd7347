"""The ledger follows time and the roster by itself, whatever became of the events: an agency that submits nothing is
seen, a duty becomes overdue as of the region's local day, and what a crash left half-told is told."""

from __future__ import annotations

from datetime import date

from services.notifications.kinds import EXEMPTION, KNOWN_AGENCY, OBLIGATION
from services.notifications.known import KnownFacts, KnownRegion
from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.ledger import Ledger, obligation_id
from services.notifications.obligations.obligation import Stands
from shared.clock import Clock
from shared.ports.store import Range, Store, Where
from shared.storage.batches import in_batches, in_parallel

_SEEN = ("facts.agency.heard", "facts.region.heard", "facts.exemption.heard")


class Reconciliation:
    """Level-triggered: it asks what is behind, and recomputes that."""

    def __init__(self, store: Store, known_facts: KnownFacts, ledger: Ledger, clock: Clock) -> None:
        self._store = store
        self._known_facts = known_facts
        self._ledger = ledger
        self._clock = clock

    async def run(self) -> None:
        """Look at every region, one at a time, and at the obligations that wait for a fact."""
        await self._recompute({"stands": Stands.UNKNOWN.value})
        async for known in self._known_facts.regions():
            await self._time(known, local_date(self._clock.now(), known.region.zone))
            for year in known.years:
                await self._roster_of(known, year)

    async def _time(self, known: KnownRegion, today: date) -> None:
        """Those whose day has come, and (a deadline moved, a clock set back) those whose day has not come yet."""
        passed = {"stands": Stands.OPEN.value, "deadline": Range(below=today.isoformat())}
        to_come = {"stands": Stands.OVERDUE.value, "deadline": Range(least=today.isoformat())}
        for where in (passed, to_come):
            await self._recompute({"region": known.region.code, **where})

    async def _roster_of(self, known: KnownRegion, year: int) -> None:
        """Every agency of the region has its obligation of the year, from the newest facts."""
        code = known.region.code
        exemptions = {row.id: row.sequence async for row in self._store.scan(EXEMPTION.name, {"region": code}, ())}
        seen = {
            row.id: tuple(row[field] for field in _SEEN)
            async for row in self._store.scan(OBLIGATION.name, {"region": code, "year": year}, _SEEN)
        }
        behind: list[str] = []
        async for row in self._store.scan(KNOWN_AGENCY.name, {"region": code}, ("heard",)):
            id = obligation_id(row.id, year)
            if seen.get(id) != (row["heard"], known.heard, exemptions.get(id)):
                behind.append(row.id)
        await in_parallel(behind, lambda agency: self._ledger.recompute(agency, year))

    async def _recompute(self, where: Where) -> None:
        async for rows in in_batches(self._store.scan(OBLIGATION.name, where, ("agency", "year"))):
            await in_parallel(rows, lambda row: self._ledger.recompute(row["agency"], row["year"]))
