"""Counts what the registry itself holds about duties, as far as a decision needs it. All methods raise StoreAway."""

from __future__ import annotations

from collections import Counter
from datetime import date

from services.registry.agencies.agency import owes
from services.registry.kinds import AGENCY, INNOVATION
from services.registry.regions.region import Region
from shared.contracts.region import Deadline, PolicyRevision
from shared.contracts.vocabulary import AgencyKind, InnovationStatus
from shared.ports.store import OneOf, ScanRow, Store

_COUNTING = (InnovationStatus.SUBMITTED.value, InnovationStatus.VERIFIED.value)


class DutyCounts:
    """Counts of submitted and verified innovations. Whether their duty is overdue or exempted is not asked here."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of_agency(self, agency: str, year: int, most: int) -> int:
        """How many innovations of this agency and year are submitted or verified; reads at most `most` of them."""
        where = {"agency": agency, "year": year, "status": OneOf(_COUNTING)}
        return len((await self._store.find(INNOVATION.name, where, limit=most)).documents)

    async def overdue(self, region: Region, deadline: Deadline) -> int:
        """How many agencies are overdue if this deadline, which has passed, comes into force: those that the policy
        obliges, that owe from that year on, that exist beyond the deadline's day, and that have too few innovations."""
        policy = region.policy(deadline.year)
        if policy is None:
            return 0
        counted = Counter[str]()
        for status in _COUNTING:  # one at a time: the index then gives the order of the stream
            where = {"region": region.code, "year": deadline.year, "status": status}
            async for row in self._store.scan(INNOVATION.name, where, ("agency",)):
                counted[row["agency"]] += 1
        agencies = self._store.scan(AGENCY.name, {"region": region.code}, ("kind", "obliged_from", "retired_on"))
        return len([row.id async for row in agencies if _missing(row, policy, deadline, counted[row.id])])


def _missing(agency: ScanRow, policy: PolicyRevision, deadline: Deadline, counted: int) -> bool:
    kind, last_day = AgencyKind(agency["kind"]), agency["retired_on"]
    retired_on = None if last_day is None else date.fromisoformat(last_day)
    obliged = kind in policy.obliged_kinds and owes(agency["obliged_from"], retired_on, deadline)
    return obliged and counted < policy.minimum_of(kind)
