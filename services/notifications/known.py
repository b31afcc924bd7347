"""Copies of the registry's regions and agencies, the newest of each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence

from services.notifications.kinds import KNOWN_AGENCY, KNOWN_REGION
from shared.contracts.agency import AgencyRegistered
from shared.contracts.region import RegionRegistered
from shared.ports.store import Store
from shared.storage.copies import Copies, Copy, CopyKind

KnownRegion = Copy[RegionRegistered]
KnownAgency = Copy[AgencyRegistered]

REGIONS = CopyKind(KNOWN_REGION, RegionRegistered, value="region", sequence="heard")
AGENCIES = CopyKind(KNOWN_AGENCY, AgencyRegistered, value="agency", sequence="heard", index_fields=("region",))

_AT_ONCE = 200  # ids of one query


class KnownFacts:
    """Stores and loads the copies."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._regions = Copies(store, REGIONS)
        self._agencies = Copies(store, AGENCIES)

    async def keep_region(self, region: RegionRegistered, sequence: int) -> KnownRegion:
        """Store the region if it is newer; returns the newest."""
        return await self._regions.keep(region.code, region, sequence)

    async def keep_agency(self, agency: AgencyRegistered, sequence: int) -> KnownAgency:
        """Store the agency if it is newer; returns the newest. A retirement is the agency's last state."""
        return await self._agencies.keep(agency.id, agency, sequence)

    async def region(self, code: str) -> KnownRegion | None:
        """The region; None: not known yet."""
        return await self._regions.get(code)

    async def agency(self, id: str) -> KnownAgency | None:
        """The agency; None: not known yet."""
        return await self._agencies.get(id)

    def regions(self) -> AsyncIterator[KnownRegion]:
        """All known regions, in the order of their codes."""
        return self._regions.scan()

    def agencies(self, region: str) -> AsyncIterator[KnownAgency]:
        """All known agencies of a region, in the order of their ids."""
        return self._agencies.scan({"region": region})

    async def agency_sequences(self, region: str) -> dict[str, int]:
        """Id → sequence, of all known agencies of a region."""
        rows = self._store.scan(KNOWN_AGENCY.name, {"region": region}, (AGENCIES.sequence,))
        return {row.id: row[AGENCIES.sequence] async for row in rows}

    async def foreign(self, region: str, ids: Collection[str]) -> set[str]:
        """Those of the ids that are known as agencies of another region. An agency that is not known yet is none."""
        found: set[str] = set()
        waiting = sorted(ids)
        for start in range(0, len(waiting), _AT_ONCE):
            known = await self._agencies.some(waiting[start : start + _AT_ONCE])
            found |= {id for id, copy in known.items() if copy.value.region != region}
        return found

    async def names(self, ids: Sequence[str]) -> dict[str, str]:
        """Id → name, of the agencies that are known."""
        return {id: copy.value.name for id, copy in (await self._agencies.some(ids)).items()}
